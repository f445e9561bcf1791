// Draws each [data-chart] from the table it names. Without this script, or the library, the table stands for itself.
"use strict";
(() => {
  const tone = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = [];

  function options(table, measure) {
    const rows = [...table.tBodies[0].rows];
    const ink = tone("--ink-2") || "#555";
    const line = tone("--line") || "#ddd";
    const axis = { axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
    return {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      color: [tone("--red") || "#b5342b"],
      grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: { type: "category", data: rows.map((row) => row.cells[0].textContent), ...axis },
      yAxis: { type: "value", name: measure, nameTextStyle: { color: ink }, ...axis },
      series: [{ type: "line", smooth: false, symbolSize: 7, areaStyle: { opacity: 0.08 }, data: rows.map((row) => Number(row.cells[1].dataset.value)) }],
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
