// The desk's comforts: keys for the decision. Every page works without them.
"use strict";

// Keys: only where nothing is being typed, never with a modifier, and they can be switched off.
const KEYS_OFF = "placard-keys-off";
let keysOff = false;
try { keysOff = localStorage.getItem(KEYS_OFF) === "1"; } catch { /* no storage: keys stay on */ }

const toggle = document.querySelector("[data-keys]");
if (toggle) {
  toggle.setAttribute("aria-pressed", String(!keysOff));
  toggle.addEventListener("click", () => {
    keysOff = !keysOff;
    toggle.setAttribute("aria-pressed", String(!keysOff));
    try { localStorage.setItem(KEYS_OFF, keysOff ? "1" : "0"); } catch { /* for this page only, then */ }
  });
}

// A key pressed for the last person must not decide on the next, who has only just appeared. Undoing can be quick.
const SECONDS_TO_LOOK = 1;
let appeared = performance.now();
window.addEventListener("pageshow", () => { appeared = performance.now(); });

// Nor must the next key decide on the last person again, while their page still stands there on its way out.
// A download, or a page that was stopped, leaves this one where it is: after a while its keys work again.
const SECONDS_TO_LEAVE = 10;
let left = -Infinity;
const leave = () => { left = performance.now(); };
const isLeaving = () => performance.now() - left < SECONDS_TO_LEAVE * 1000;
window.addEventListener("pageshow", () => { left = -Infinity; });
for (const way of ["beforeunload", "pagehide"]) window.addEventListener(way, leave);
const leads = (target) => target.type === "submit" || target.matches("a[href]:not([href^='#'], [target], [download])");

const isTyping = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// Of several that listen to one key: what belongs to the letter that has the focus, else the first.
const listening = (key) => {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  return document.activeElement?.closest(".letter")?.querySelector(wanted) ?? document.querySelector(wanted);
};
const firstField = (details) => details.querySelector("select, textarea");

document.addEventListener("keydown", (event) => {
  if (keysOff || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (isLeaving() || document.querySelector("dialog[open]")) return;
  const key = event.key === "=" ? "+" : event.key.toLowerCase();
  if (key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  const target = listening(key);
  if (!target) return;
  event.preventDefault();
  if (target.type === "submit" && key !== "u" && performance.now() - appeared < SECONDS_TO_LOOK * 1000) return;
  if (target.tagName === "DETAILS") {
    target.open = true;
    firstField(target).focus();
  } else {
    target.click();
    if (leads(target) && (!target.form || target.form.checkValidity())) leave();
  }
});

// Opened with the mouse, the reason is where one wants to write; Escape folds it away, and keeps what was written.
for (const details of document.querySelectorAll("details[data-key]")) {
  details.addEventListener("toggle", () => { if (details.open) firstField(details).focus(); });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}

// The list of all keys.
const keys = document.querySelector("[data-keys-list]");
const opener = document.querySelector("[data-keys-open]");
if (keys?.showModal && opener) {
  opener.closest("[hidden]").hidden = false;
  opener.addEventListener("click", () => keys.showModal());
  keys.addEventListener("click", (event) => { if (event.target === keys) keys.close(); });
}

// A reason chosen fills the field in the delegate's language; what the reviewer wrote themselves is kept above it.
for (const select of document.querySelectorAll("[data-ready]")) {
  const field = select.form.querySelector("textarea");
  const own = select.form.querySelector("[data-own-words]");
  let filled = "";
  const show = (option) => {
    own.textContent = option.dataset.own ?? "";
    own.hidden = !own.textContent;
  };
  // What the reason is about is ticked with it, and no more when another is chosen.
  const tick = (option, on) => {
    for (const name of (option?.dataset.fields ?? "").split(" ").filter(Boolean)) {
      const box = select.form.querySelector(`[name=fields_to_mend][value="${CSS.escape(name)}"]`);
      if (box) box.checked = on;
    }
  };
  let before = select.selectedOptions[0];
  select.addEventListener("change", () => {
    tick(before, false);
    before = select.selectedOptions[0];
    tick(before, true);
    const option = select.selectedOptions[0];
    const text = option.dataset.reason ?? "";
    const written = field.value.trim() === filled.trim() ? "" : field.value.trimEnd();
    field.value = written && text ? `${written}\n\n${text}` : written || text;
    filled = written ? "" : text;
    show(option);
  });
  show(select.selectedOptions[0]);
}
