/* What stands behind # (a scanned code) goes along to where one signs in, and from there to where one was going. */
(() => {
  if (!location.hash) return;
  for (const one of document.querySelectorAll("[data-keep-hash]")) {
    if (one.action) one.action += location.hash;
    else one.href += location.hash;
  }
})();
