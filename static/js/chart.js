// Draws each [data-chart] from the table it names. Without this script, or the library, the table stands for itself.
"use strict";
(() => {
  const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = [];

  const DAY = 24 * 3600 * 1000;
  // How the axis is written, and how close two marks may stand, by how often there is a figure.
  const EVERY = { year: ["{yyyy}", 365 * DAY], quarter: ["{yyyy}-{MM}", 89 * DAY], month: ["{yyyy}-{MM}", 28 * DAY], day: ["{yyyy}-{MM}-{dd}", DAY] };

  function options(table, measure) {
    const [written, step] = EVERY[table.dataset.period] || EVERY.day;
    const rows = [...table.tBodies[0].rows];
    const ink = tone("--ink-2") || "#555";
    const line = tone("--line") || "#ddd";
    const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
    return {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      color: [tone("--red") || "#b5342b"],
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", formatter: ([one]) => `${rows[one.dataIndex].cells[0].textContent} ${one.value[1]}` },
      // By time: a year without a figure takes its place on the axis.
      xAxis: { type: "time", minInterval: step, ...axis, axisLabel: { color: ink, formatter: written, hideOverlap: true } },
      yAxis: { type: "value", name: measure, nameTextStyle: { color: ink }, ...axis },
      series: [{ type: "line", smooth: false, symbolSize: 7, areaStyle: { opacity: 0.08 }, data: rows.map((row) => [row.cells[0].dataset.day, Number(row.cells[1].dataset.value)]) }],
    };
  }

  function draw(place) {
    const table = document.getElementById(place.dataset.chart);
    if (!table || !window.echarts) return;
    place.hidden = false;
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(options(table, place.dataset.measure));
    drawn.push(chart);
  }

  addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-chart]").forEach(draw));
  addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
})();
