// Lines of a form (unit1, duties1, unit2 …): of those that are empty one is shown, and a button shows the next one.
// Without this script all of them stand there.
"use strict";
(() => {
  function lines(group) {
    const found = new Map();
    for (const control of group.querySelectorAll("input[name], select[name], textarea[name]")) {
      const number = /^[a-z]+(\d+)$/.exec(control.name);
      const field = number && control.closest(".field");
      if (!field) continue;
      const line = found.get(number[1]) || { fields: [], filled: false };
      line.fields.push(field);
      line.filled ||= control.value !== "" || field.querySelector(".errorlist") !== null;
      found.set(number[1], line);
    }
    return [...found.values()];
  }

  function begin(group) {
    const button = group.querySelector("[data-add-line]");
    const every = lines(group);
    let shown = every.reduce((last, line, place) => (line.filled ? place + 1 : last), 0) + 1;
    const show = () => {
      every.forEach((line, place) => { for (const field of line.fields) field.hidden = place >= shown; });
      button.hidden = shown >= every.length;
    };
    button.addEventListener("click", () => {
      shown += 1;
      show();
      every[shown - 1].fields[0].querySelector("input, select, textarea").focus();
    });
    show();
  }

  addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-lines]")) begin(group);
  });
})();
