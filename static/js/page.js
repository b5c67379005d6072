// What the pages do beyond plain HTML: focus after a swap, copy, print, local times. All optional.
"use strict";

(() => {
  const focus = () => document.querySelector("#page [data-focus]")?.focus({ preventScroll: true });

  const localTime = (element) => {
    const moment = new Date(element.dateTime);
    // English as the reader writes it (24 hours or 12), never another language than the page's.
    const language = document.documentElement.lang;
    const locale = navigator.languages.find((one) => one.split("-")[0] === language) ?? language;
    const shape = { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit", timeZoneName: "short" };
    element.textContent = new Intl.DateTimeFormat(locale, shape).format(moment);
  };

  const copy = async (button) => {
    const source = document.querySelector(button.dataset.copy);
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
    } catch {
      document.execCommand("copy");
    }
    button.textContent = button.dataset.done;
  };

  const prepare = () => {
    document.querySelectorAll("#page [data-needs-script]").forEach((element) => { element.hidden = false; });
    document.querySelectorAll("#page [data-absolute]").forEach((element) => {
      const words = "value" in element ? "value" : "textContent";
      element[words] = new URL(element[words], location.href).href;
    });
    document.querySelectorAll("#page time[data-local]").forEach(localTime);
    if (document.querySelector("#page .error-summary")) focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button?.dataset.copy) copy(button);
    else if (button) window.print();
  });

  // The second click of a double click would press what has come up under the pointer by then.
  document.addEventListener("click", (event) => {
    if (event.detail < 2 || !event.target.closest("#page a, #page button[type=submit]")) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:afterSettle", () => { prepare(); focus(); });

  // Without an answer from the site the person is told, and nothing they chose is lost.
  const offline = (shown) => () => { document.getElementById("offline").hidden = !shown; };
  document.addEventListener("htmx:sendError", offline(true));
  document.addEventListener("htmx:timeout", offline(true));
  document.addEventListener("htmx:beforeRequest", offline(false));
})();
