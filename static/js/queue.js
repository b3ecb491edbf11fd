// The queue's comforts: counting what is ticked, ticking a page or a stretch at once. The page works without them.
"use strict";

for (const form of document.querySelectorAll("[data-selection]")) {
  const bar = form.querySelector(".selbar");
  if (!bar) continue;
  const boxes = [...form.querySelectorAll("input[name=selected]")];
  const all = form.querySelector("[data-all]");
  const allBox = all.querySelector("input");
  const count = bar.querySelector("[data-count]");
  const clear = bar.querySelector("[data-clear]");
  const everybody = bar.querySelector("[data-everybody]");
  let last = -1;

  const chosen = () => everybody && everybody.checked
    ? Number(everybody.dataset.everybody)
    : boxes.filter((box) => box.checked).length;
  const show = () => {
    const n = chosen();
    const ticked = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").classList.toggle("on", box.checked || Boolean(everybody && everybody.checked));
    bar.hidden = n === 0;
    count.textContent = count.dataset.one.replace("{n}", n);
    for (const button of bar.querySelectorAll("[data-text]")) {
      button.textContent = button.dataset.text.replace("{n}", n);
    }
    allBox.checked = ticked > 0 && ticked === boxes.length;
    allBox.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  const tick = (checked) => {
    for (const box of boxes) box.checked = checked;
    if (everybody && !checked) everybody.checked = false;
    show();
  };

  // With Shift, everything between this row and the one ticked before becomes as this one.
  boxes.forEach((box, n) => box.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0) {
      const [from, to] = last < n ? [last, n] : [n, last];
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      show();
    }
    last = n;
  }));
  // Shift selects text, too, unless it is told not to.
  form.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(".tickbox")) event.preventDefault();
  });

  all.hidden = clear.hidden = false;
  allBox.addEventListener("change", () => tick(allBox.checked));
  clear.addEventListener("click", () => tick(false));
  form.addEventListener("change", show);
  // The way back from the next page may bring ticks with it.
  window.addEventListener("pageshow", show);
  show();
}
