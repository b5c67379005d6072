// The map: zoom with the wheel, keys and links, drag to move, find while typing. Each of it can be
// done by links and the form alone; this spares the way to the server.
"use strict";

(() => {
  const view = document.querySelector(".map-view");
  if (!view) return;
  const map = view.querySelector(".map");
  const { width, height } = map.viewBox.baseVal;
  let asked = ""; // the size that was asked for here, not yet in the links of the page

  const scale = () => {
    const box = map.getBoundingClientRect();
    return Math.min(box.width / width, box.height / height);
  };

  const zoom = (to, x = view.clientWidth / 2, y = view.clientHeight / 2) => {
    const before = scale();
    asked = to === "fit" ? to : String(Math.min(Math.max(Math.round(to), 10), 300));
    map.classList.toggle("fit", asked === "fit");
    for (const [name, size] of [["width", width], ["height", height]]) {
      if (asked === "fit") map.removeAttribute(name);
      else map.setAttribute(name, Math.floor((size * asked) / 100));
    }
    // What was at that point stays there.
    const grown = scale() / before;
    view.scrollLeft = (view.scrollLeft + x) * grown - x;
    view.scrollTop = (view.scrollTop + y) * grown - y;
    for (const link of document.querySelectorAll("[data-zoom]")) {
      if (link.dataset.zoom === asked) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const show = (node) => {
    const [box, around] = [node.getBoundingClientRect(), view.getBoundingClientRect()];
    view.scrollLeft += box.left + box.width / 2 - around.left - view.clientWidth / 2;
    view.scrollTop += box.top + box.height / 2 - around.top - view.clientHeight / 2;
  };

  const showTarget = () => {
    const node = location.hash.startsWith("#n-") && document.getElementById(location.hash.slice(1));
    if (!node) return;
    view.scrollIntoView({ block: "nearest" });
    show(node);
  };
  window.addEventListener("hashchange", showTarget);
  showTarget();

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='?']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.zoom) {
      event.preventDefault();
      zoom(link.dataset.zoom);
    } else if (asked) {
      const url = new URL(link.getAttribute("href"), location);
      url.searchParams.set("zoom", asked);
      link.setAttribute("href", url.search + url.hash);
    }
  });

  const form = document.querySelector(".map-form");
  form.addEventListener("formdata", ({ formData }) => asked && formData.set("zoom", asked));

  view.addEventListener("wheel", (event) => {
    // The wheel alone scrolls, as everywhere.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const around = view.getBoundingClientRect();
    const to = scale() * 100 * Math.exp(-Math.sign(event.deltaY) * 0.15);
    zoom(to, event.clientX - around.left, event.clientY - around.top);
  }, { passive: false });

  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+") zoom(scale() * 125);
    if (event.key === "-") zoom(scale() * 80);
    if (event.key === "0") zoom("fit");
  });

  let moved = 0;
  view.addEventListener("pointerdown", (event) => {
    // A finger scrolls by itself.
    moved = event.button || event.pointerType !== "mouse" ? NaN : 0;
  });
  view.addEventListener("pointermove", (event) => {
    if (event.buttons !== 1 || Number.isNaN(moved)) return;
    moved += Math.abs(event.movementX) + Math.abs(event.movementY);
    if (moved < 5) return;
    view.classList.add("drags");
    view.scrollLeft -= event.movementX;
    view.scrollTop -= event.movementY;
  });
  window.addEventListener("pointerup", () => view.classList.remove("drags"));
  view.addEventListener("dragstart", (event) => event.preventDefault());
  view.addEventListener("click", (event) => {
    // Whoever has dragged means no link.
    if (moved >= 5) event.preventDefault();
  }, true);

  const box = form.querySelector("[type=search]");
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...map.querySelectorAll(".node")].filter((node) => {
      const is = words.length > 0 && words.every((word) => node.dataset.searched.includes(word));
      node.classList.toggle("hit", is);
      return is;
    });
    if (found.length) show(found[0]);
  });
})();
