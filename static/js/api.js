// The API's page has a dress for the night, put on by a class: it follows the device like every other page.
(() => {
  "use strict";

  const night = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", night.matches);
  night.addEventListener("change", follow);
  follow();
})();
