// Nobody is signed out in the middle of a sentence without a word: five minutes before, and when it has happened.
"use strict";

const WARN = 5 * 60;
const dialog = document.querySelector("[data-ends]");
if (dialog) {
  // The reader's clock may be wrong: what counts is how long the server said it is.
  const ahead = Date.now() / 1000 - Number(dialog.dataset.now);
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
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { closed = left() <= 0 ? "over" : left() <= WARN ? "soon" : ""; });
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const form = event.target;
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const { ends } = await answer.json();
      if (ends) dialog.dataset.ends = String(ends);
      closed = "";
      dialog.close();
    } catch {
      dialog.dataset.ends = "0";
      show("over");
    }
  });
  // Timers sleep with the computer: a look every few seconds finds out soon after it wakes.
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  look();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
