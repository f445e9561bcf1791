// Hands the altcha widget its workers (a strict content policy allows no inline ones) and starts it.
const box = document.querySelector("[data-proof]");
if (box && window.isSecureContext) {
  const worker = (url) => () => new Worker(url);
  const { algorithms, defaults } = globalThis.$altcha;
  ["SHA-256", "SHA-384", "SHA-512"].forEach((name) => algorithms.set(name, worker(box.dataset.sha)));
  ["PBKDF2/SHA-256", "PBKDF2/SHA-384", "PBKDF2/SHA-512"].forEach((name) => algorithms.set(name, worker(box.dataset.pbkdf2)));
  defaults.set({ hideLogo: true, hideFooter: true, humanInteractionSignature: false, setCookie: null });
  const { language, verified } = box.dataset;
  globalThis.$altcha.i18n.set(language, { ...globalThis.$altcha.i18n.get(language), verified });
  const widget = document.createElement("altcha-widget");
  widget.setAttribute("name", box.dataset.name);
  widget.setAttribute("challenge", box.dataset.challenge);
  widget.setAttribute("language", language);
  widget.setAttribute("auto", "onload");
  box.append(widget);
}
