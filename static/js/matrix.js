// The matrix: arrow keys between cells, tick all, how many are ticked. The page works without any of it.
(() => {
  "use strict";

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest && event.target.closest("a[data-cell]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!by) return;
    const rows = all("tr", cell.closest("table")).map((row) => all("a[data-cell]", row)).filter((row) => row.length);
    const row = rows.findIndex((cells) => cells.includes(cell));
    const next = rows[row + by[0]] && rows[row + by[0]][rows[row].indexOf(cell) + by[1]];
    event.preventDefault();
    if (next) next.focus();
  });

  for (const form of all("form[data-move]")) {
    const boxes = all("input[name=units]", form);
    const every = form.querySelector("[data-all]");
    const said = form.querySelector("[data-picked]");
    if (!every) continue;
    every.closest("[hidden]").hidden = false;
    const show = () => {
      const picked = boxes.filter((box) => box.checked).length;
      every.checked = picked === boxes.length;
      every.indeterminate = picked > 0 && picked < boxes.length;
      said.textContent = picked ? said.dataset.picked.replace("{n}", picked) : "";
    };
    every.addEventListener("change", () => { for (const box of boxes) box.checked = every.checked; show(); });
    form.addEventListener("change", show);
    show();
  }
})();
