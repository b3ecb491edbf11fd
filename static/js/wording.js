// The editor of words: placeholders go where the cursor is, and the preview follows what is written.
"use strict";

const form = document.querySelector("[data-words]");
const texts = form.querySelectorAll("input.input, textarea");
let writing = form.querySelector("textarea");
for (const field of texts) field.addEventListener("focus", () => { writing = field; });

for (const button of document.querySelectorAll("[data-put]")) {
  button.addEventListener("click", () => {
    const words = writing.tagName === "TEXTAREA" ? button.dataset.put : button.dataset.put.replace(/\s*\n\s*/g, " ");
    writing.focus();
    writing.setRangeText(words, writing.selectionStart, writing.selectionEnd, "end");
    writing.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// Each preview comes into a frame of its own, which takes the place of the last when it is there: nothing flickers,
// and the way back does not lead through what was typed.
const PAUSE = 500;
const place = document.querySelector("[data-frame]");
const shows = document.querySelectorAll("[data-show]");
let shown = shows[0];
let count = 0;
let waiting;
let following = false;
const look = () => {
  clearTimeout(waiting);
  for (const late of place.querySelectorAll(".words-coming")) late.remove();
  const before = place.querySelector("iframe");
  const next = before.cloneNode();
  next.removeAttribute("src");
  next.removeAttribute("id");
  next.name = `look-${++count}`;
  next.classList.add("words-coming");
  place.append(next);
  next.addEventListener("load", () => {
    next.classList.remove("words-coming");
    next.id = "look";
    before.remove();
  });
  shown.formTarget = next.name;
  following = true;
  form.requestSubmit(shown);
  following = false;
};
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
};
for (const field of texts) field.addEventListener("input", soon);
for (const choice of document.querySelectorAll("[data-look]")) choice.addEventListener(choice.type === "text" ? "input" : "change", soon);
for (const button of shows) {
  button.addEventListener("click", (event) => {
    if (following) return;
    event.preventDefault();
    shown = button;
    look();
  });
}
document.querySelector("[data-words-wait]").hidden = false;

// What is written and not saved is not left by mistake; after an error it still stands there.
let written = "typed" in form.dataset;
if (written) look();
for (const field of texts) field.addEventListener("input", () => { written = true; });
form.addEventListener("submit", (event) => { if (!event.submitter?.hasAttribute("data-show")) written = false; });
window.addEventListener("beforeunload", (event) => { if (written) event.preventDefault(); });
