// Runs before the first paint: says that scripts work, so that CSS can offer what needs them.
document.documentElement.classList.add("js");
