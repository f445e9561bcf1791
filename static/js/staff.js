// Staff pages. Everything here is a convenience: each page also works without it.
(() => {
  "use strict";

  const KEYS = "tongxin-keys";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);

  function remembered(key) {
    try { return localStorage.getItem(key); } catch { return null; }
  }

  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch { /* private window: the choice lasts for this page only */ }
  }

  // 1 A form is sent once: a second tap waits for the first; coming back to the page unlocks it.
  function lock(form, submitter) {
    form.dataset.sent = "1";
    const button = submitter || one("button[type=submit]", form);
    if (!button) return;
    button.dataset.label = button.textContent;
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) button.textContent = button.dataset.busy;
  }

  function unlock(form) {
    delete form.dataset.sent;
    for (const button of all("button[aria-disabled]", form)) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.label) button.textContent = button.dataset.label;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    lock(form, event.submitter);
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(unlock));

  // 2 Nothing typed is lost by a careless click.
  function changed(field) {
    if (field.type === "hidden") return false;
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.type === "select-one" && ![...field.options].some((option) => option.defaultSelected)) return field.selectedIndex > 0;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return "defaultValue" in field && field.value !== field.defaultValue;
  }
  window.addEventListener("beforeunload", (event) => {
    const left = all("form[data-guard]:not([data-sent])");
    if (left.some((form) => [...form.elements].some(changed))) event.preventDefault();
  });

  // 3 How much has been written.
  function count(form) {
    const shown = one("[data-count]", form);
    const text = one("textarea", form);
    if (shown && text) shown.textContent = text.value ? shown.dataset.count.replace("{n}", [...text.value].length) : "";
  }
  document.addEventListener("input", (event) => { if (event.target.form) count(event.target.form); });

  // 4 The menu closes on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const close = event.target.closest("[data-close]");
    if (close) hang_up();
  });

  function hang_up() {
    const place = one("#dial");
    const back = place && place.dataset.back && document.getElementById(place.dataset.back);
    if (place) place.replaceChildren();
    if (back) back.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = one("details.menu[open]");
    if (menu) { menu.open = false; one("summary", menu).focus(); } else if (one("#dial [data-dial]")) hang_up();
  });

  // 5 Keys: j and k through the rows, a to accept, / to search. They can be switched off in the menu.
  const keys_on = () => remembered(KEYS) !== "off";

  function show_toggle() {
    for (const button of all("[data-keys-toggle]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(keys_on()));
      one("small", button).textContent = keys_on() ? button.dataset.on : button.dataset.off;
    }
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-toggle]")) return;
    remember(KEYS, keys_on() ? "off" : "on");
    show_toggle();
  });

  function step(by) {
    const items = all(".rail a.item");
    if (items.length) {
      const here = items.findIndex((item) => item.hasAttribute("aria-current"));
      const next = items[here + by];
      if (next) next.click();
      return;
    }
    const rows = all("[data-row]");
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by))];
    one("a", next).focus();
  }

  function accept() {
    const form = one("form#accept");
    if (form) { open_accept(form); return; }
    const row = document.activeElement && document.activeElement.closest("[data-row]");
    const link = row && one("[data-accept]", row);
    if (link) link.click();
  }

  function open_accept(form) {
    form.scrollIntoView({ block: "nearest" });
    const first = one("input[type=radio]:checked, input[type=radio], select, input:not([type=hidden])", form);
    if (first) first.focus();
  }

  function search() {
    const field = one("#find") || one(".filters [type=search], #searchbar");
    if (field) field.focus();
  }

  const typing = (target) => target.isContentEditable || target.matches("input, textarea, select");
  const WHAT = { j: () => step(1), k: () => step(-1), a: accept, "/": search };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || !keys_on()) return;
    const what = WHAT[event.key];
    if (!what) return;
    event.preventDefault();
    what();
  });

  // 6 The queue: say what is new, keep a signed-out answer from being pasted into the page, say when the line is down.
  let seen = null;
  const rows_now = () => new Set(all("#queue [data-row]").map((row) => row.dataset.row));

  function say(text, down = false) {
    const place = one("#queue-news");
    if (!place) return;
    place.classList.toggle("down", down);
    place.textContent = text;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (target.id === "queue" && !xhr.responseText.includes("data-queue")) {
      event.detail.shouldSwap = false;
      window.location.reload();
      return;
    }
    if (target.id === "dial" && xhr.status >= 400 && xhr.responseText.includes("data-dial")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "reveal") {
      const wrong = one("#reveal [aria-invalid=true]");
      if (wrong) wrong.focus();
      return;
    }
    if (event.detail.target.id === "dial") { dialled(event.detail.requestConfig && event.detail.requestConfig.elt); return; }
    if (!one("#queue")) return;
    const now = rows_now();
    const fresh = [...now].filter((row) => !seen.has(row));
    const place = one("#queue-news");
    if (fresh.length && place) {
      say(place.dataset.new.replace("{n}", fresh.length));
      for (const row of fresh) one(`#queue [data-row="${CSS.escape(row)}"]`).classList.add("fresh");
    } else if (place && place.classList.contains("down")) say("");
    for (const row of now) seen.add(row);
  });

  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const place = one("#queue-news");
      if (place && event.detail.target && event.detail.target.id === "queue") say(place.dataset.down, true);
    });
  }

  // 7 The phone number: to it at once, and back again.
  function dialled(from) {
    const place = one("#dial");
    const menu = from && from.closest("details");
    if (menu) menu.open = false;
    const button = menu ? one("summary", menu) : from && one("button[id]", from);
    if (button) place.dataset.back = button.id;
    for (const close of all("[data-close]", place)) close.hidden = false;
    const target = one("a.phone", place) || one("[data-dial]", place);
    if (target) target.focus();
  }

  // 8 Django's tables of inline forms and split date fields come without names for each field: borrow the heading's.
  function name_orphans(root) {
    for (const field of all(":is(.tabular, #result_list) td :is(input:not([type=hidden]), select, textarea), .datetime input", root)) {
      if (field.labels && field.labels.length || field.hasAttribute("aria-label")) continue;
      const cell = field.closest("td[class*=field-]");
      const head = cell ? one(`.column-${cell.className.match(/field-([\w-]+)/)[1]}`, field.closest("table")) : one("label, .flex-container > label", field.closest(".form-row") || root);
      if (head) field.setAttribute("aria-label", head.textContent.trim());
    }
  }
  // the autocomplete's box stands in for a select: it takes over the select's label
  function name_boxes() {
    for (const box of all(".select2-selection")) {
      const select = box.closest(".select2").previousElementSibling;
      const label = select && select.labels && select.labels[0];
      if (!label) continue;
      const shown = one(".select2-selection__rendered", box);
      label.id ||= `${select.id}-label`;
      for (const part of [box, shown]) if (part) part.setAttribute("aria-labelledby", `${label.id} ${shown ? shown.id : ""}`.trim());
    }
  }
  // the boxes are drawn when jQuery is ready, which may be after the page has loaded: wait in its line
  window.addEventListener("load", () => (window.django && window.django.jQuery ? window.django.jQuery(name_boxes) : name_boxes()));
  document.addEventListener("formset:added", (event) => name_orphans(event.target.closest("table") || document));

  // 9 A password may be looked at while it is typed.
  document.addEventListener("change", (event) => {
    if (event.target.dataset.show) document.getElementById(event.target.dataset.show).type = event.target.checked ? "text" : "password";
  });
  document.addEventListener("submit", (event) => {
    for (const toggle of all("[data-show]", event.target)) document.getElementById(toggle.dataset.show).type = "password";
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const toggle of all("[data-show]")) toggle.parentElement.hidden = false;
    name_orphans(document);
    seen = rows_now();
    show_toggle();
    all("form[data-guard]").forEach(count);
    if (one("#dial [data-dial]")) dialled(null);
    const first_wrong = one("[data-begin] input, [data-focus], form [aria-invalid=true]");
    const form = one("form#accept");
    if (first_wrong) first_wrong.focus();
    else if (form && window.location.hash === "#accept") {
      // after the browser's own jump to the fragment, which takes the focus away
      window.addEventListener("load", () => requestAnimationFrame(() => open_accept(form)));
    }
    const filters = one("#filterbox");
    const apart = filters && getComputedStyle(filters.parentElement).gridTemplateColumns.includes(" ");
    if (filters && !apart) filters.open = false;
    for (const strip of all("#nav-sidebar, .tabs")) {
      const more = () => {
        strip.toggleAttribute("data-more", strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 2);
        strip.toggleAttribute("data-before", strip.scrollLeft > 2);
      };
      strip.addEventListener("scroll", more, { passive: true });
      window.addEventListener("resize", more);
      more();
      const here = one("[aria-current]", strip);
      if (!here || strip.scrollWidth <= strip.clientWidth) continue;
      const from = here.getBoundingClientRect().left - strip.getBoundingClientRect().left;
      strip.scrollLeft += from - (strip.clientWidth - here.offsetWidth) / 2;
    }
  });
})();
