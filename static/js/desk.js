// The keys of the desk. Each is an attribute of a button, link or field that is visible as well.
"use strict";

(() => {
  const typing = (element) =>
    element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

  const act = (element) => {
    if (element.matches("textarea, input:not([type=radio])")) element.focus();
    else if (element.matches("summary")) {
      element.parentElement.open = true;
      element.focus();
    } else if (element.hash) document.querySelector(element.hash).focus();
    else {
      element.click();
      if (element.matches("input")) element.focus();
    }
  };

  document.addEventListener("keydown", (event) => {
    const element = event.target;
    if (event.key === "Escape" && typing(element)) element.blur();
    if (event.key === "Enter" && element.matches("[data-enter]") && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element.form.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(element)) return;
    if (!document.querySelector("[data-keys]")) return;
    // Enter on a link, a button or a summary is theirs.
    if (event.key === "Enter" && element.matches("a, button, summary")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const found = /^[1-9]$/.test(key)
      ? document.querySelector(`[data-choice="${key}"]`)
      : [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!found) return;
    event.preventDefault();
    act(found);
  });
})();
