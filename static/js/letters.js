// Comforts for comparing a letter with the roster: turning and enlarging its pages, and staying where one was. Pages work without.
"use strict";

// Larger pages, in steps, and the page one looks at; with keys while the pages have the focus.
const STEPS = 4;
for (const tools of document.querySelectorAll("[data-letter-tools]")) {
  const mat = tools.closest(".letter").querySelector("[data-zoom]");
  if (!mat) continue;
  const sheets = [...mat.querySelectorAll(".letter__page")];
  const now = tools.querySelector("[data-page-now]");
  const fit = tools.querySelector('[data-zoom-by="0"]');
  let step = 1;

  const zoom = (by) => {
    const [x, y] = [mat.scrollLeft / mat.scrollWidth, mat.scrollTop / mat.scrollHeight];
    mat.classList.remove(`letter__mat--${step}`);
    step = by === 0 ? 1 : Math.min(STEPS, Math.max(1, step + by));
    mat.classList.add(`letter__mat--${step}`);
    fit.setAttribute("aria-pressed", String(step === 1));
    mat.scrollTo(x * mat.scrollWidth, y * mat.scrollHeight);
  };
  const from = (sheet) => sheet.getBoundingClientRect().top - mat.getBoundingClientRect().top;
  // The last page that begins in the upper half of what is seen.
  const current = () => Math.max(0, sheets.findLastIndex((sheet) => from(sheet) <= mat.clientHeight / 2));
  const turn = (by) => {
    const sheet = sheets[Math.min(sheets.length - 1, Math.max(0, current() + by))];
    mat.scrollTo({ top: mat.scrollTop + from(sheet) - 12 });
  };
  const say = () => {
    if (now) now.textContent = now.dataset.text.replace("{n}", current() + 1).replace("{of}", now.dataset.of);
  };

  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const { zoomBy, turn: turnBy } = event.target.closest("button")?.dataset ?? {};
    if (zoomBy) zoom(Number(zoomBy));
    if (turnBy) turn(Number(turnBy));
  });
  mat.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key === "=" ? "+" : event.key;
    const button = tools.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  });
  mat.addEventListener("scroll", say, { passive: true });
  say();
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
