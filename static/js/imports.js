// The bar moves by itself, and the page goes on when the work is over. Without this the page asks again by itself.
"use strict";

const box = document.querySelector("[data-progress]");
const bar = document.getElementById("bar");
const said = document.getElementById("said");

function show({ done, total }) {
  if (!total || !box.dataset.text) return;
  bar.max = total;
  bar.value = done;
  const count = new Intl.NumberFormat(document.documentElement.lang);
  said.textContent = box.dataset.text.replace("{done}", count.format(done)).replace("{total}", count.format(total));
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return location.reload();
    const state = await answer.json();
    if (!state.running) return location.reload();
    if (bar.hasAttribute("value") || state.done < state.total) show(state);
  } catch {
    // The connection is away for a moment: ask again.
  }
  setTimeout(ask, 700);
}
if (box) setTimeout(ask, 400);
