// Nobody is signed out in the middle of a sentence without a word: five minutes before, and when it has happened.
"use strict";

const WARN = 5 * 60;
const dialog = document.querySelector("[data-ends]");
if (dialog) {
  // The reader's clock may be wrong: what counts is how long the server said it is.
  let ahead = Date.now() / 1000 - Number(dialog.dataset.now);
  const left = () => Number(dialog.dataset.ends) - (Date.now() / 1000 - ahead);
  const before = dialog.querySelector("[data-before]");
  const after = dialog.querySelector("[data-after]");
  const stay = dialog.querySelector("[data-stay]");
  const again = dialog.querySelector("[data-again]");
  let closed = "";

  const show = (state) => {
    if (closed === state) return;
    const over = state === "over";
    before.hidden = stay.hidden = over;
    after.hidden = again.hidden = !over;
    if (!dialog.open) dialog.showModal();
  };
  const look = () => {
    if (left() <= 0) show("over");
    else if (left() <= WARN) show("soon");
  };
  const goOn = ({ ends, now, token, who }) => {
    if (String(who) !== dialog.dataset.who) throw new Error("somebody else is signed in");
    ahead = Date.now() / 1000 - now;
    if (ends) dialog.dataset.ends = String(ends);
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    dialog.close();
    closed = "";
  };
  // Back from the tab in which they signed in again: what was typed here can be sent now.
  const signedInAgain = async () => {
    if (left() > 0 || document.hidden) return;
    try {
      const answer = await fetch(dialog.querySelector("form").action, { headers: { Accept: "application/json" } });
      goOn(await answer.json());
    } catch {
      show("over");
    }
  };
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { closed = left() <= 0 ? "over" : left() <= WARN ? "soon" : ""; });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const form = event.target;
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      goOn(await answer.json());
    } catch {
      dialog.dataset.ends = "0";
      show("over");
    }
  });
  // Timers sleep with the computer: a look every few seconds finds out soon after it wakes.
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("visibilitychange", signedInAgain);
  window.addEventListener("focus", signedInAgain);
  look();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
