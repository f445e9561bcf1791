/* A scanned code stands behind # in the address, where no server sees it: it is put into the field and taken away. */
(() => {
  const field = document.querySelector("[data-code]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[0-9A-Z]{8}$/.test(code)) return;
  field.value = `${code.slice(0, 4)} ${code.slice(4)}`;
  history.replaceState(null, "", location.pathname + location.search);
})();
