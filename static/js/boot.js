// Runs before the first paint: says that scripts work, so that CSS can offer what needs them.
document.documentElement.classList.add("js");

// A live region that is there from the first paint is not read out: what it says is written once more.
document.addEventListener("DOMContentLoaded", () => {
  setTimeout(() => {
    for (const said of document.querySelectorAll(".toasts .toast > span")) said.textContent = said.textContent;
  }, 400);
});
