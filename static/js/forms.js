// Small helps for forms. Every form works without this file.
// data-lock        on a form: the second tap on its button does nothing
// data-busy        on its button: the words shown while the form is on its way
// data-count-max   on a box beside a textarea (data-count-for): characters left
// data-filter-for  on an input: narrows the options of the select with that id
// A field marked as wrong is no longer marked once it is changed: whether it is right now, the server says.
(() => {
  "use strict";

  const busy = new WeakSet();
  const labels = new Map();
  const PATIENCE = 30000;

  function lock(form, button) {
    busy.add(form);
    // a lost connection must not lock the form for good; a second copy finds the first one on the server
    setTimeout(unlock, PATIENCE);
    if (!button) return;
    const label = button.querySelector("[data-label]") || button;
    labels.set(button, { label, text: label.textContent });
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) label.textContent = button.dataset.busy;
  }

  function unlock() {
    document.querySelectorAll("form[data-lock]").forEach((form) => busy.delete(form));
    labels.forEach(({ label, text }, button) => {
      label.textContent = text;
      button.removeAttribute("aria-disabled");
    });
    labels.clear();
  }

  // Photos may still be shrinking when the button is tapped: wait for them, then send once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-lock]")) return;
    if (busy.has(form)) {
      event.preventDefault();
      return;
    }
    const button = event.submitter || form.querySelector('button[type="submit"]');
    lock(form, button);
    const ready = window.tongxinPhotos && window.tongxinPhotos.pending();
    if (!ready) return;
    event.preventDefault();
    ready.then(() => {
      const carrier = carry(form, event.submitter);
      form.submit();
      if (carrier) carrier.remove();
    });
  });

  // form.submit() leaves out the button that was tapped; its name and value go along as a hidden field.
  function carry(form, button) {
    if (!button || !button.name) return null;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    return form.appendChild(field);
  }

  // Coming back with the browser's own button shows the page as it was left: unlock it.
  window.addEventListener("pageshow", unlock);

  const summary = document.querySelector("[data-errors]");
  if (summary) summary.focus();
  // "#main" of the skip link stays in the address when a form is sent, and would take the focus once all is loaded
  if (summary && window.location.hash) window.addEventListener("load", () => requestAnimationFrame(() => summary.focus()));

  function forgive(event) {
    const field = event.target.closest(".field--error");
    if (!field) return;
    field.classList.remove("field--error");
    strike(field);
    const gone = [...field.querySelectorAll(".error")].map((error) => error.parentElement);
    gone.forEach((box) => { box.hidden = true; });
    field.querySelectorAll("[aria-invalid]").forEach((control) => {
      control.removeAttribute("aria-invalid");
      // a hidden text would still be read out by the control that points at it
      const left = (control.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && !gone.some((box) => box.id === id));
      if (left.length) control.setAttribute("aria-describedby", left.join(" "));
      else control.removeAttribute("aria-describedby");
    });
  }

  // Its line in the summary goes as well, and the summary with the last of them.
  function strike(field) {
    if (!summary) return;
    const ids = [field, ...field.querySelectorAll("[id]")].map((node) => `#${node.id}`);
    const place = field.getBoundingClientRect().top;
    summary.querySelectorAll("li > a").forEach((link) => { if (ids.includes(link.getAttribute("href"))) link.parentElement.remove(); });
    const left = summary.querySelectorAll("li").length;
    summary.hidden = !left;
    if (left && summary.dataset.left) summary.querySelector("h2").textContent = summary.dataset.left.replace("%n", left);
    // what is being typed stays where it is, also in a browser that does not hold it there by itself
    if (!CSS.supports("overflow-anchor", "auto")) window.scrollBy(0, field.getBoundingClientRect().top - place);
  }
  document.addEventListener("input", forgive);
  document.addEventListener("change", forgive);

  document.querySelectorAll("[data-count-for]").forEach((box) => {
    const field = document.getElementById(box.dataset.countFor);
    const max = Number(box.dataset.countMax);
    if (!field || !max) return;
    const show = () => {
      const length = Array.from(field.value).length;
      box.hidden = length < max * 0.8;
      box.textContent = `${length} / ${max}`;
      box.classList.toggle("is-over", length > max);
    };
    field.addEventListener("input", show);
    show();
  });

  document.querySelectorAll("[data-filter-for]").forEach((input) => {
    const select = document.getElementById(input.dataset.filterFor);
    const status = document.getElementById(input.dataset.filterStatus);
    if (!select) return;
    // Safari cannot hide an option, so the list is built anew from this copy.
    const all = Array.from(select.children).map((node) => node.cloneNode(true));

    function narrow() {
      const word = input.value.trim();
      const chosen = select.value;
      const hits = [];
      const groups = all.map((node) => node.cloneNode(true));
      const full = groups.filter((group) => {
        if (group.tagName !== "OPTGROUP" || !word || group.label.includes(word)) return true;
        // the first option of a group is "not sure, please help": it stays whatever is written
        const [, ...named] = group.children;
        const misses = named.filter((option) => !option.textContent.includes(word));
        misses.forEach((option) => option.remove());
        const kept = named.filter((option) => !misses.includes(option));
        hits.push(...kept);
        return kept.length > 0;
      });
      select.replaceChildren(...(hits.length || full.some((node) => node.tagName === "OPTGROUP") ? full : groups));
      const still = Array.from(select.options).some((option) => option.value === chosen);
      if (still) select.value = chosen;
      const named = select.querySelectorAll("optgroup > option:not(:first-child)");
      const only = word && named.length === 1 ? named[0] : null;
      if (only && select.value !== only.value) {
        select.value = only.value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      if (!status) return;
      if (only) status.textContent = status.dataset.chosen.replace("%s", only.textContent);
      else status.textContent = word ? status.dataset[named.length ? "found" : "none"].replace("%n", named.length) : "";
    }

    input.addEventListener("input", narrow);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      select.focus();
    });
  });
})();
