// A question that is asked only after a certain answer appears with that answer. The server decides what counts; without
// this file all questions are shown, each with the words "Only if you answered …".
"use strict";

for (const form of new Set([...document.querySelectorAll("[data-shown-if]")].map((control) => control.form))) {
  if (form) follow(form);
}

function follow(form) {
  const fields = new Map();
  for (const control of form.querySelectorAll("[data-shown-if]")) fields.set(control.closest(".field"), control);
  const update = () => {
    // A chain is followed to its end: what is hidden has no answer.
    for (let changed = true; changed; ) {
      changed = false;
      for (const [field, control] of fields) {
        const hide = !isAnswered(form, control.dataset.shownIf, control.dataset.shownIfAnswer);
        if (field.hidden !== hide) {
          field.hidden = hide;
          changed = true;
        }
      }
    }
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  for (const words of form.querySelectorAll(".q-if")) words.hidden = true;
  update();
}

function isAnswered(form, name, wanted) {
  const found = form.elements[name];
  const controls = found instanceof RadioNodeList ? [...found] : found ? [found] : [];
  return controls.some((control) => !control.closest("[hidden]") && says(control, wanted));
}

function says(control, wanted) {
  if ((control.type === "radio" || control.type === "checkbox") && !control.checked) return false;
  return same(control.value) === same(wanted);
}

function same(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean).join(" ");
}
