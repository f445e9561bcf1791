// Ways to go on with a need: an address with its name opens one; one stands open at a time; the first field has the focus.
(() => {
  "use strict";

  function unfold(way) {
    const more = way.closest("details.ways-more");
    if (more) more.open = true;
    way.open = true;
    const first = way.querySelector("[aria-invalid=true], select, textarea, input:not([type=hidden])");
    if (first) first.focus({ preventScroll: true });
    way.scrollIntoView({ block: "nearest" });
  }

  // What was decided above stands in the form of whoever is to do it, unless somebody wrote there already.
  function take_over(way) {
    const from = document.getElementById("accept");
    const to = way.querySelector("form#assign");
    if (!from || !to || to.dataset.filled) return;
    to.dataset.filled = "1";
    for (const name of ["nature", "category", "urgent", "reply_by"]) {
      const mine = from.elements[name];
      const theirs = to.elements[`assign-${name}`];
      if (!mine || !theirs) continue;
      if (mine.type === "checkbox") theirs.checked = mine.checked;
      else theirs.value = mine.value;
    }
  }

  // browsers that do not know the name of a group of details yet
  document.addEventListener("toggle", (event) => {
    const way = event.target;
    if (!way.matches("details.way") || !way.open) return;
    if (!way.querySelector("[aria-invalid=true]")) take_over(way);
    for (const other of document.querySelectorAll("details.way[open]")) if (other !== way) other.open = false;
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const way = event.target.closest && event.target.closest("details.way[open]");
    if (!way) return;
    way.open = false;
    way.querySelector("summary").focus();
  });

  function unfold_asked() {
    const asked = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const way = asked && asked.closest("details.way");
    if (way) unfold(way);
  }

  window.addEventListener("load", () => requestAnimationFrame(unfold_asked));
  window.addEventListener("hashchange", unfold_asked);
})();
