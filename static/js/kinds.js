// The form of a resource shows what its kind needs: form[data-forms] says of each kind how it is used
// ("meeting-room:space …"), [data-only] for which uses a part is. Without a script everything is shown.
(() => {
  "use strict";

  document.querySelectorAll("form[data-forms]").forEach((form) => {
    const uses = new Map(form.dataset.forms.split(" ").map((pair) => pair.split(":")));
    const kind = form.elements.kind;
    const parts = form.querySelectorAll("[data-only]");

    function fit() {
      const use = uses.get(kind.value);
      parts.forEach((part) => {
        const wanted = !use || part.dataset.only.split(" ").includes(use);
        part.hidden = !wanted && !part.querySelector(".errorlist");
      });
    }

    kind.addEventListener("change", fit);
    fit();
  });
})();
