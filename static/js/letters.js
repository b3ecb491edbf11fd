// Comforts for comparing a letter with the roster: larger pages, and staying where one was. Pages work without.
"use strict";

// Larger pages, in steps; with + and - while the pages have the focus.
const STEPS = 4;
for (const button of document.querySelectorAll("[data-zoom-button]")) {
  const mat = button.closest(".letter").querySelector("[data-zoom]");
  if (!mat) continue;
  let step = 1;
  const show = (wanted) => {
    mat.classList.remove(`letter__mat--${step}`);
    step = Math.min(STEPS, Math.max(1, wanted));
    mat.classList.add(`letter__mat--${step}`);
    button.setAttribute("aria-pressed", String(step > 1));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(step > 1 ? 1 : 3));
  mat.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (!by && event.key !== "0") return;
    event.preventDefault();
    show(event.key === "0" ? 1 : step + by);
  });
}

// A button of the comparison leads back to the same page: we go on where we were.
const PLACE = `placard-place:${location.pathname}`;
for (const form of document.querySelectorAll("form[data-stay]")) {
  form.addEventListener("submit", () => {
    try {
      const mats = [...document.querySelectorAll("[data-zoom]")].map((mat) => mat.scrollTop);
      sessionStorage.setItem(PLACE, JSON.stringify({ top: window.scrollY, mats }));
    } catch { /* no storage: the address names the place */ }
  });
}
try {
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (place) {
    const mats = document.querySelectorAll("[data-zoom]");
    const go = () => {
      window.scrollTo(0, place.top);
      mats.forEach((mat, n) => { mat.scrollTop = place.mats[n] ?? 0; });
    };
    go();
    window.addEventListener("load", go);
    // Whoever works with keys goes on at the next button that asks.
    document.querySelector('#letterpane button[name="confirm"], .pane--letter button[name="confirm"]')
      ?.focus({ preventScroll: true });
  }
} catch { /* no storage */ }
