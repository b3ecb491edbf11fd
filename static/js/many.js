// The bar moves by itself, and the page goes on when the work is over. Without this the page asks again by itself.
"use strict";

const box = document.querySelector("[data-many]");
const bar = document.getElementById("bar");

function show(state) {
  bar.max = state.total;
  bar.value = state.decided;
  document.getElementById("said").textContent = state.said;
  document.getElementById("so-far").textContent = state.so_far;
  document.getElementById("left").textContent = state.left;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.many, { headers: { Accept: "application/json" } });
    if (!answer.ok) return location.reload();
    const state = await answer.json();
    if (!state.running) return location.reload();
    show(state);
  } catch {
    // The connection is away for a moment: ask again.
  }
  setTimeout(ask, 1000);
}
if (box) setTimeout(ask, 500);
