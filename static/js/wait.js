// data-wait on a button: seconds until it may be tapped again, counted down in data-wait-left. The server counts too.
// data-late on a remark: seconds until data-late-text stands there instead.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("button[data-wait]")) {
    const ends = Date.now() + Number(button.dataset.wait) * 1000;
    const shown = button.querySelector("[data-wait-left]");
    const tick = () => {
      const left = Math.ceil((ends - Date.now()) / 1000);
      button.disabled = left > 0;
      if (shown) shown.textContent = left > 0 ? button.dataset.waitText.replace("%n", left) : "";
      if (left > 0) setTimeout(tick, 1000);
    };
    tick();
  }
  for (const remark of document.querySelectorAll("[data-late]")) {
    setTimeout(() => {
      remark.textContent = remark.dataset.lateText;
      remark.classList.add("is-late");
    }, Number(remark.dataset.late) * 1000);
  }
})();
