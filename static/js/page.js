// Small comforts. Every page is whole without them.
"use strict";

// The language menu closes on Escape and when something else is clicked.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A deadline also on the reader's own clocks, where they differ from the meeting's.
function wallClock(at, zone, language, withDate) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const day = { day: "numeric", month: "long" };
  const locale = language === "en" ? "en-GB" : `${language}-u-nu-latn`;
  return new Intl.DateTimeFormat(locale, withDate ? { ...day, ...time } : time).format(at);
}
for (const place of document.querySelectorAll("[data-own-time]")) {
  const at = new Date(place.dataset.ownTime);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const language = document.documentElement.lang;
  const there = wallClock(at, place.dataset.zone, "en", true);
  const here = wallClock(at, own, "en", true);
  if (!own || there === here) continue;
  const otherDay = there.replace(/\d\d:\d\d/, "") !== here.replace(/\d\d:\d\d/, "");
  const time = wallClock(at, own, language, otherDay);
  // The zone's own name for its city is English; other languages do without it.
  const city = language === "en" && own.includes("/") ? own.split("/").pop().replaceAll("_", " ") : "";
  const text = city ? place.dataset.textPlace : place.dataset.text;
  place.textContent = text.replace("{time}", time).replace("{place}", city);
  place.hidden = false;
}

// What counts is sent once, however often the button is pressed.
for (const form of document.querySelectorAll("[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
}

// After a form came back with errors, start reading there.
document.querySelector(".errors")?.focus();
