// A long list is narrowed by typing: input[data-seek] names the list, whose items are found by their words and by
// data-find (pinyin, initials). Without a script the list is simply long.
(() => {
  "use strict";

  for (const box of document.querySelectorAll("input[data-seek]")) {
    const items = [...document.getElementById(box.dataset.seek).children];
    const frame = box.closest("[hidden]");
    const said = frame.querySelector("[data-none]");
    frame.hidden = false;
    box.addEventListener("input", () => {
      const word = box.value.trim().toLowerCase();
      for (const item of items) item.hidden = !`${item.textContent} ${item.dataset.find || ""}`.toLowerCase().includes(word);
      said.textContent = items.every((item) => item.hidden) ? said.dataset.none : "";
    });
  }
})();
