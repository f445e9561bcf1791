// Ways to go on with a need: an address with its name opens one; one stands open at a time; the first field has the focus.
(() => {
  "use strict";

  function unfold(way) {
    way.open = true;
    const first = way.querySelector("[aria-invalid=true], select, textarea, input:not([type=hidden])");
    if (first) first.focus({ preventScroll: true });
    way.scrollIntoView({ block: "nearest" });
  }

  // browsers that do not know the name of a group of details yet
  document.addEventListener("toggle", (event) => {
    const way = event.target;
    if (!way.matches("details.way") || !way.open) return;
    for (const other of document.querySelectorAll("details.way[open]")) if (other !== way) other.open = false;
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const way = event.target.closest && event.target.closest("details.way[open]");
    if (!way) return;
    way.open = false;
    way.querySelector("summary").focus();
  });

  window.addEventListener("load", () => requestAnimationFrame(() => {
    const asked = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const way = asked && asked.closest("details.way");
    if (way) unfold(way);
  }));
})();
