// A long list is found by typing: select[data-pick] gets a box above it that narrows it by name, pinyin or initials
// (data-find of each option). Without a script the list is simply long.
(() => {
  "use strict";

  const FEW = 8;

  function enrich(select) {
    if (select.options.length <= FEW || select.closest(".finder")) return;
    // Safari cannot hide an option, so the list is built anew from this copy.
    const all = Array.from(select.options).map((option) => option.cloneNode(true));
    const box = document.createElement("input");
    const label = select.labels && select.labels[0];
    box.type = "search";
    box.autocomplete = "off";
    box.placeholder = document.documentElement.lang.startsWith("zh") ? "名称、拼音或首字母" : "Name, pinyin or initials";
    box.setAttribute("aria-label", `${label ? label.textContent.trim() : ""} ${box.placeholder}`.trim());
    box.setAttribute("aria-controls", select.id);
    const frame = document.createElement("div");
    frame.className = "finder";
    select.replaceWith(frame);
    frame.append(box, select);

    const fits = (option, word) => !option.value || `${option.textContent} ${option.dataset.find || ""}`.toLowerCase().includes(word);
    box.addEventListener("input", () => {
      const word = box.value.trim().toLowerCase();
      const chosen = select.value;
      const left = all.filter((option) => option.value === chosen || fits(option, word)).map((option) => option.cloneNode(true));
      select.replaceChildren(...left);
      const hit = word && left.find((option) => option.value && fits(option, word));
      select.value = hit ? hit.value : chosen;
    });
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); select.focus(); } });
  }

  document.querySelectorAll("select[data-pick]").forEach(enrich);
})();
