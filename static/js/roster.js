// The workspace, made quicker where JavaScript runs: typing in place, drag, a grip. Every page works without this file.
"use strict";

const workspace = document.getElementById("workspace");
if (workspace) start();

function start() {
  const token = workspace.querySelector("[name=csrfmiddlewaretoken]").value;
  const words = JSON.parse(document.getElementById("words").textContent);
  const choices = JSON.parse(document.getElementById("choices").textContent);
  const table = workspace.querySelector("table.roster");
  const body = table.tBodies[0];
  const said = workspace.querySelector("[data-said]");
  const say = (text) => { said.textContent = text; };
  const send = (address, options) => fetch(address, {
    method: "POST", credentials: "same-origin", ...options,
    headers: { "X-CSRFToken": token, Accept: "application/json", ...options.headers },
  });

  // --- Typing in place ---------------------------------------------------------------------------------------------
  workspace.classList.add("is-live");
  const saves = new WeakMap(); // a row saves one cell after the other, so that a new row is made once
  let unsaved = 0;

  const cellsOf = (root) => [...root.querySelectorAll(".cell[data-was]")];
  const fieldOf = (cell) => cell.closest("[data-cell]").dataset.cell;
  const enliven = (root) => {
    for (const cell of cellsOf(root)) {
      const text = cell.dataset.was || words.empty;
      cell.tabIndex = 0;
      cell.setAttribute("role", "button");
      cell.setAttribute("aria-label", words.edit.replace("{label}", words.labels[fieldOf(cell)]).replace("{text}", text));
    }
  };
  enliven(body);

  function open(cell, typed) {
    const holder = cell.closest("[data-cell]"), name = holder.dataset.cell, was = cell.dataset.was;
    const input = name in choices ? chooser(choices[name], was) : document.createElement("input");
    input.className = "typed";
    input.setAttribute("aria-label", words.labels[name]);
    if (input.tagName === "INPUT") {
      input.dir = cell.dir || "auto";
      input.autocomplete = "off";
      input.value = typed ?? was;
      if (name === "email") input.inputMode = "email";
    }
    const error = holder.querySelector(".err");
    if (error) input.setAttribute("aria-describedby", error.id);
    cell.hidden = true;
    cell.after(input);
    input.focus();
    if (typed === undefined && input.select) input.select();
    let left = false;
    const leave = (how) => {
      if (left) return;
      left = true;
      const value = input.value;
      input.remove();
      cell.hidden = false;
      if (how !== "escape" && value !== was) save(holder, name, value, was);
      if (how === "escape" || how === "enter") holder.querySelector(".cell").focus();
    };
    input.addEventListener("blur", () => leave("blur"));
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") { event.preventDefault(); leave("escape"); }
      if (event.key === "Enter") { event.preventDefault(); leave("enter"); }
      if (event.key === "Tab") {
        const cells = cellsOf(body), next = cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)];
        if (!next) return;
        event.preventDefault();
        leave("tab");
        open(next);
      }
    });
  }

  function chooser(options, was) {
    const select = document.createElement("select");
    if (was && !options.some(([value]) => value === was)) select.add(new Option(was, was));
    for (const [value, label] of options) select.add(new Option(label, value));
    select.value = was;
    return select;
  }

  body.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell[data-was]");
    if (cell) open(cell);
  });
  body.addEventListener("keydown", (event) => {
    const cell = event.target.closest(".cell[data-was]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Enter", "F2", " "].includes(event.key)) {
      event.preventDefault();
      open(cell);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const same = cellsOf(body).filter((other) => fieldOf(other) === fieldOf(cell));
      const next = same[same.indexOf(cell) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    } else if (event.key.length === 1 && !(fieldOf(cell) in choices)) {
      event.preventDefault();
      open(cell, event.key);
    }
  });

  function save(holder, field, value, was) {
    const row = holder.closest("tr");
    const before = saves.get(row) || Promise.resolve();
    unsaved += 1;
    show(holder, field, value);
    holder.classList.add("is-saving");
    say(words.saving);
    saves.set(row, before.then(() => store(row, holder, field, value, was)).finally(() => {
      unsaved -= 1;
      holder.classList.remove("is-saving");
    }));
  }

  // What was typed stands there at once, and stays there whatever becomes of it.
  function show(holder, field, value) {
    const cell = holder.querySelector(".cell");
    const option = (choices[field] || []).find(([code]) => code === value);
    cell.textContent = option ? option[1] : value || words.labels[field];
    cell.classList.toggle("cell--empty", !value);
  }

  async function store(row, holder, field, value, was) {
    const reference = row.dataset.row === "new" ? "" : row.dataset.row;
    let answer, data;
    try {
      answer = await send(workspace.dataset.cellAddress, {
        body: JSON.stringify({ row: reference, field, value, was }), headers: { "Content-Type": "application/json" },
      });
      data = await answer.json();
    } catch {
      return complain(holder, words.not_saved);
    }
    if (answer.ok) return redraw(row, data);
    if ("theirs" in data) return choose(row, holder, field, value, data);
    complain(holder, data.message);
  }

  function complain(holder, message) {
    holder.querySelector(".err")?.remove();
    const error = document.createElement("span");
    error.className = "err";
    error.id = `e-${holder.closest("tr").dataset.row}-${holder.dataset.cell}`;
    error.textContent = message;
    holder.append(error);
    const cell = holder.querySelector(".cell");
    cell.classList.add("cell--err");
    cell.setAttribute("aria-describedby", error.id);
    say(message);
  }

  // The row as the server has it now, but for the cell that somebody is typing in.
  function redraw(row, data) {
    const fresh = document.createElement("template");
    fresh.innerHTML = data.html;
    const now = fresh.content.querySelector("tr");
    row.dataset.row = data.row;
    row.className = now.className;
    for (const holder of row.querySelectorAll("[data-cell]")) {
      const other = now.querySelector(`[data-cell="${holder.dataset.cell}"]`);
      if (!other || holder.querySelector(".typed, .choose")) continue;
      const focused = holder.contains(document.activeElement);
      holder.replaceChildren(...other.childNodes);
      enliven(holder);
      if (focused) holder.querySelector(".cell").focus();
    }
    row.querySelector(".state").replaceChildren(...now.querySelector(".state").childNodes);
    row.querySelector("th").id = now.querySelector("th").id;
    const box = row.querySelector(".tick input");
    if (box) box.value = data.row;
    say(data.warning || words.saved);
    if (data.warning) warn(row, data.warning);
  }

  function warn(row, text) {
    const state = row.querySelector(".state");
    const note = document.createElement("span");
    note.className = "sub strong";
    note.textContent = text;
    state.append(note);
  }

  // Two have typed in one cell: both are shown, and one is chosen.
  function choose(row, holder, field, value, data) {
    holder.querySelector(".choose")?.remove();
    const box = document.createElement("span");
    box.className = "choose";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", data.message);
    const lines = [data.message, words.theirs.replace("{text}", data.theirs_shown), words.mine.replace("{text}", data.mine_shown)];
    for (const line of lines) {
      const text = document.createElement("span");
      text.textContent = line;
      box.append(text);
    }
    const acts = document.createElement("span");
    acts.className = "acts";
    for (const [label, chosen] of [[words.keep_theirs, data.theirs], [words.keep_mine, value]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = label;
      button.addEventListener("click", () => {
        box.remove();
        const cell = holder.querySelector(".cell");
        cell.dataset.was = data.theirs;
        cell.focus();
        // What the other one wrote is saved already; sending it once more brings the row as it stands.
        save(holder, field, chosen, data.theirs);
      });
      acts.append(button);
    }
    box.append(acts);
    holder.append(box);
    say(data.message);
    acts.querySelector("button").focus();
  }

  window.addEventListener("beforeunload", (event) => {
    if (unsaved || body.querySelector(".choose")) event.preventDefault();
  });

  // A new row at the end, to be typed in at once. It is stored with its first cell.
  const add = workspace.querySelector("[data-add]");
  const blank = workspace.querySelector("template[data-new]");
  add?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = blank.content.querySelector("tr").cloneNode(true);
    row.querySelector(".no .num").textContent = body.rows.length + 1;
    body.append(row);
    table.hidden = false;
    table.classList.add("roster--tick");
    workspace.querySelector(".roster__empty")?.remove();
    enliven(row);
    row.scrollIntoView({ block: "nearest" });
    open(row.querySelector('[data-cell="given_names"] .cell'));
  });

  // --- How many are submitted --------------------------------------------------------------------------------------
  const submit = workspace.querySelector("[data-send]");
  const usual = submit?.textContent;
  table.addEventListener("change", (event) => {
    if (event.target.name !== "row" || !submit) return;
    const n = body.querySelectorAll("input[name=row]:checked").length;
    submit.textContent = n === 0 ? usual : n === 1 ? submit.dataset.one : submit.dataset.many.replace("{n}", n);
  });

  // --- The order ---------------------------------------------------------------------------------------------------
  let seen = orderOf();
  function orderOf() { return [...body.rows].map((row) => row.dataset.row).filter((r) => r !== "new").join(" "); }
  const movable = (row) => row && row.querySelector("[data-handle]");
  const showHandles = () => { for (const handle of body.querySelectorAll("[data-handle]")) handle.hidden = false; };
  showHandles();
  new MutationObserver(showHandles).observe(body, { childList: true });

  async function saveOrder(row) {
    const order = orderOf();
    let n = 0;
    for (const other of body.rows) if (movable(other)) other.querySelector(".no .num").textContent = ++n;
    say(words.moved.replace("{n}", row.querySelector(".no .num").textContent));
    if (order === seen) return;
    const form = new URLSearchParams({ order, seen });
    seen = order;
    try {
      const answer = await send(workspace.dataset.orderAddress, { body: form });
      const data = await answer.json();
      if (data.message) { say(data.message); warn(row, data.message); }
    } catch {
      warn(row, words.not_saved);
    }
  }

  let waiting = 0;
  body.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-handle]")) return;
    const row = event.target.closest("tr");
    const other = event.key === "ArrowUp" ? row.previousElementSibling : event.key === "ArrowDown" ? row.nextElementSibling : null;
    if (!movable(other)) return;
    event.preventDefault();
    event.key === "ArrowUp" ? other.before(row) : other.after(row);
    event.target.focus();
    clearTimeout(waiting);
    waiting = setTimeout(() => saveOrder(row), 400); // several steps are one order
    let n = 0;
    for (const line of body.rows) if (movable(line)) line.querySelector(".no .num").textContent = ++n;
  });

  body.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    const row = handle.closest("tr");
    event.preventDefault(); // no text is selected on the way
    handle.focus();
    row.classList.add("is-dragged");
    const follow = (move) => {
      const under = [...body.rows].find((other) => {
        const box = other.getBoundingClientRect();
        return move.clientY >= box.top && move.clientY < box.bottom;
      });
      if (!under || under === row || !movable(under)) return;
      under.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING ? under.before(row) : under.after(row);
    };
    // On the document: a row that is moved in the table loses a pointer that its handle has captured.
    const over = new AbortController();
    const drop = () => {
      over.abort();
      row.classList.remove("is-dragged");
      saveOrder(row);
    };
    document.addEventListener("pointermove", follow, { signal: over.signal });
    document.addEventListener("pointerup", drop, { signal: over.signal });
    document.addEventListener("pointercancel", drop, { signal: over.signal });
  });

  // --- The panes ---------------------------------------------------------------------------------------------------
  const panes = document.getElementById("panes"), grip = panes.querySelector("[data-grip]");
  const STEP = 5, KEY = "placard-letter-width";
  let width = 0;
  const resize = (percent) => {
    const rounded = Math.min(60, Math.max(20, Math.round(percent / STEP) * STEP));
    panes.classList.remove(`panes--${width}`);
    width = rounded;
    panes.classList.add(`panes--${width}`);
    grip.setAttribute("aria-valuenow", width);
    try { localStorage.setItem(KEY, width); } catch { /* for this page only, then */ }
  };
  grip.hidden = false;
  try { if (localStorage.getItem(KEY)) resize(Number(localStorage.getItem(KEY))); } catch { /* as drawn */ }
  const rtl = document.documentElement.dir === "rtl";
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: rtl ? STEP : -STEP, ArrowRight: rtl ? -STEP : STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    resize(Number(grip.getAttribute("aria-valuenow")) + step);
  });
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    const follow = (move) => {
      const box = panes.getBoundingClientRect();
      resize(100 * (rtl ? box.right - move.clientX : move.clientX - box.left) / box.width);
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", () => grip.removeEventListener("pointermove", follow), { once: true });
  });
}
