// Helps on single pages: print, copy, and a progress page that stays fresh while it is looked at.
(() => {
  "use strict";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if (button.hasAttribute("data-print")) {
      window.print();
      return;
    }
    const done = await copy(button.dataset.copy);
    const status = document.getElementById(button.dataset.copyStatus);
    if (status) status.textContent = done ? button.dataset.copied : button.dataset.refused;
  });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyByHand(text);
    }
  }

  // plain http and old browsers have no clipboard object
  function copyByHand(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "sr";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  // htmx listens for the event "look-again" and swaps the live part only: what is being typed stays.
  const live = document.querySelector("[data-live]");
  if (live && window.htmx) {
    const look = () => {
      const part = document.querySelector("[data-live]");
      if (part && document.visibilityState === "visible") window.htmx.trigger(part, "look-again");
    };
    const news = () => [...document.querySelectorAll("#live h1, #live .reply")].map((part) => part.textContent.trim());
    const status = document.querySelector("[data-live-status]");
    let known = news();
    document.addEventListener("htmx:afterSettle", () => {
      const now = news();
      const fresh = now.filter((text) => !known.includes(text));
      if (fresh.length && status) status.textContent = fresh.join(" ");
      known = now;
    });
    setInterval(look, 60000);
    document.addEventListener("visibilitychange", look);
  }
})();
