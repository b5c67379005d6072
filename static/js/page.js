// What the pages do beyond plain HTML: focus after a swap, copy, print, local times. All optional.
"use strict";

(() => {
  const focus = () => document.querySelector("#page [data-focus]")?.focus({ preventScroll: true });

  const localTime = (element) => {
    const moment = new Date(element.dateTime);
    // As the reader writes it (24 hours or 12), in no other language than the page's.
    const language = document.documentElement.lang;
    const primary = (tag) => tag.split("-")[0];
    const locale = navigator.languages.find((one) => primary(one) === primary(language)) ?? language;
    const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
    const day = { weekday: "long", day: "numeric", month: "long" };
    const short = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
    const shape = { time: clock, short }[element.dataset.local] ?? { ...day, ...clock };
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
    // On a phone the outcome comes first, and what led to it is one tap away.
    if (matchMedia("(max-width: 40rem)").matches) {
      document.querySelectorAll("#page [data-fold]").forEach((element) => { element.open = false; });
    }
    document.querySelectorAll("#page time[data-local]").forEach(localTime);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button?.dataset.copy) copy(button);
    else if (button) window.print();
  });

  // Enter sends what stands on one line, and Shift+Enter makes another; of several, Enter is theirs.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    if (!field.matches("#page textarea[data-enter]") || field.value.includes("\n")) return;
    event.preventDefault();
    field.form.requestSubmit();
  });

  // The second click of a double click would press what has come up under the pointer by then.
  document.addEventListener("click", (event) => {
    if (event.detail < 2 || !event.target.closest("#page a, #page button[type=submit]")) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });

  document.addEventListener("DOMContentLoaded", () => {
    prepare();
    if (document.querySelector("#page .error-summary")) focus();
  });
  // Between a swap and its end the person may have gone on already: then the focus stays with them.
  let hasMoved = false;
  document.addEventListener("htmx:afterSwap", () => { hasMoved = false; });
  document.addEventListener("focusin", () => { hasMoved = true; });
  // News about a part of the page leaves the focus where the person is; what is wrong with a form
  // that they have sent takes it.
  document.addEventListener("htmx:afterSettle", (event) => {
    prepare();
    const { target, requestConfig } = event.detail;
    const isWhole = (target?.id ?? "page") === "page"; // going back has no target
    const isRefused =
      requestConfig?.verb === "post" && document.querySelector("#page .error-summary");
    if ((isWhole || isRefused) && !hasMoved) focus();
  });

  // Without an answer from the site the person is told, and nothing they chose is lost.
  const offline = (shown) => () => { document.getElementById("offline").hidden = !shown; };
  document.addEventListener("htmx:sendError", offline(true));
  document.addEventListener("htmx:timeout", offline(true));
  document.addEventListener("htmx:beforeRequest", offline(false));
})();
