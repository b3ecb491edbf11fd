// Registration, made quicker where JavaScript runs. Every step works without this file.
"use strict";

// --- Step 1: the question about the entity appears as soon as a card is chosen -------------------------------------
const represent = document.getElementById("represent");
if (represent) {
  const question = document.getElementById("entity-question");
  represent.addEventListener("change", async (event) => {
    if (event.target.name !== "represents") return;
    const query = new URLSearchParams({ represents: event.target.value });
    if (represent.elements.late) query.set("late", "on");
    const answer = await ask("?" + query);
    if (!answer) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    question.replaceChildren(...page.getElementById("entity-question").childNodes);
    question.querySelectorAll("[data-combo]").forEach(combo);
    question.scrollIntoView({ block: "nearest" });
  });
  question.querySelectorAll("[data-combo]").forEach(combo);
}

// A search field in the place of the native list, after the ARIA pattern for an editable combobox with a list.
function combo(field) {
  const select = field.querySelector("select");
  const hidden = make("input", { type: "hidden", name: select.name });
  const input = make("input", {
    class: "input", id: select.id, name: "typed", value: field.dataset.typed || "", role: "combobox", autocomplete: "off", "aria-expanded": "false",
    "aria-controls": "entity-hits", "aria-autocomplete": "list", dir: "auto",
    "aria-describedby": select.getAttribute("aria-describedby"),
  });
  const list = make("ul", { id: "entity-hits", role: "listbox", "aria-label": field.querySelector("label").textContent });
  const foot = make("p", { class: "hits__foot", role: "status" });
  const box = make("div", { class: "hits", hidden: "" });
  const wrap = make("div", { class: "combo" });
  box.append(list, foot);
  const glass = document.getElementById("search-icon");
  if (glass) wrap.append(glass.content.cloneNode(true));
  wrap.append(input);
  wrap.append(box);
  select.replaceWith(wrap, hidden);
  let hits = [], active = -1, latest = 0;

  input.addEventListener("input", async () => {
    hidden.value = "";
    const mine = ++latest;
    if (!input.value.trim()) return close();
    const query = new URLSearchParams({ represents: field.dataset.represents, q: input.value });
    const answer = await ask(field.dataset.search + "?" + query);
    if (mine !== latest || !answer) return;
    hits = (await answer.json()).hits;
    show();
  });
  input.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && hits.length) {
      event.preventDefault();
      choose(Math.max(active, 0));
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", () => {
    // Leaving the field with the whole name typed is choosing it.
    const same = hits.findIndex((hit) => hit.name.toLowerCase() === input.value.trim().toLowerCase());
    if (!hidden.value && same >= 0) choose(same);
    close();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose([...list.children].indexOf(option));
  });

  function show() {
    active = -1;
    list.replaceChildren(...hits.map((hit, n) => {
      const option = make("li", { role: "option", id: "hit-" + n, "aria-selected": "false" });
      option.append(make("span", { dir: "auto" }, hit.name), make("small", {}, hit.note));
      if (hit.found_as) {
        const found = make("small", {}, hit.language + ": ");
        found.append(make("bdi", {}, hit.found_as));
        option.append(found);
      }
      return option;
    }));
    foot.textContent = hits.length ? hits.length + " " + field.dataset.found : field.dataset.none;
    box.hidden = false;
    if (box.getBoundingClientRect().bottom > window.innerHeight) field.scrollIntoView({ block: "start" });
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
  }
  function mark(n) {
    if (!hits.length) return;
    active = (n + hits.length) % hits.length;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", "hit-" + active);
    list.children[active].scrollIntoView({ block: "nearest" });
  }
  function choose(n) {
    input.value = hits[n].name;
    hidden.value = hits[n].code;
    close();
  }
  function close() {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
}

// Without a network the page stays as it is: Continue asks the server.
async function ask(address) {
  const answer = await fetch(address).catch(() => null);
  return answer && answer.ok ? answer : null;
}

function make(tag, attributes, text) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  if (text) element.textContent = text;
  return element;
}

// --- Step 2: the name as it will stand, and a word about the file before it is sent ----------------------------------
const about = document.getElementById("about-you");
if (about) {
  const value = (name) => (about.elements[name] ? about.elements[name].value.trim() : "");
  const preview = document.getElementById("preview");
  const draw = () => {
    const name = value("display_name") || [value("given_names"), value("family_name")].filter(Boolean).join(" ");
    const printed = [value("honorific"), name].filter(Boolean).join(" ");
    const line = [printed, value("functional_title"), value("department"), value("organisation")].filter(Boolean).join(", ");
    preview.querySelector("[data-of=name]").textContent = name || "…";
    preview.querySelector("[data-of=title]").textContent = value("functional_title");
    preview.querySelector("[data-of=line]").textContent = line || "…";
  };
  if (preview) { // the page of a change has none
    about.addEventListener("input", draw);
    draw();
  }

  const letter = about.elements.letter;
  if (letter) {
    letter.addEventListener("change", () => {
      const file = letter.files[0];
      const told = document.getElementById("letter-told") || letter.closest(".field").appendChild(make("p", { id: "letter-told", role: "status" }));
      let problem = "";
      if (file && file.size > Number(about.dataset.max)) problem = about.dataset.tooLarge;
      else if (file && file.type && !/^(application\/pdf|image\/(jpeg|png))$/.test(file.type)) problem = about.dataset.wrongKind;
      if (problem) letter.value = "";
      told.className = problem ? "err" : "hint";
      told.textContent = problem || (file ? file.name : "");
    });
  }
}
