// A big screen: one slide after the other, without a mouse. Arrow keys and the blank key work; at the end the page is
// loaded anew, so that what has changed is shown, unless the network is away.
"use strict";
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let here = 0;
  let timer = 0;
  let stopped = false;

  const slides = () => [...document.querySelectorAll("[data-slide]")];
  const seconds = () => Number(document.body.dataset.seconds) || 12;

  function show(place) {
    const every = slides();
    if (!every.length) return;
    here = (place + every.length) % every.length;
    every[here].scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
    document.body.dataset.slide = String(here);
  }

  async function anew() {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.ok) return location.reload();
    } catch { /* the network is away: what is here is shown again */ }
    show(0);
    return wait();
  }

  function wait() {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      if (here + 1 >= slides().length) { anew(); return; }
      show(here + 1);
      wait();
    }, seconds() * 1000);
  }

  function pause(button) {
    stopped = !stopped;
    const other = button.dataset.go;
    button.dataset.go = button.textContent;
    button.textContent = other;
    button.setAttribute("aria-pressed", String(stopped));
    wait();
  }

  // The keys are there for whoever moves or types; a hall that only looks has the whole screen.
  let still = 0;
  function awake() {
    document.body.classList.remove("is-still");
    clearTimeout(still);
    still = setTimeout(() => document.body.classList.add("is-still"), 4000);
  }

  addEventListener("DOMContentLoaded", () => {
    for (const sign of ["pointermove", "pointerdown", "keydown", "focusin"]) addEventListener(sign, awake);
    awake();
    const button = document.querySelector("[data-tv-pause]");
    button?.addEventListener("click", () => pause(button));
    addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
      if (step) { event.preventDefault(); show(here + step); wait(); }
      if (event.key === " " && event.target === document.body && button) { event.preventDefault(); pause(button); }
    });
    navigator.wakeLock?.request("screen").catch(() => {});
    scrollTo(0, 0);
    wait();
  });
})();
