// Review by keyboard: what is pressed shows at once, the request follows, and what the server says has the last word.
(() => {
  "use strict";

  const strip = document.getElementById("strip");
  if (!strip) return;
  const now = document.getElementById("now");
  const toasts = document.getElementById("toasts");
  const hint = now.innerHTML;
  const STATES = { confirm: "confirmed", reject: "rejected", reopen: "open" };
  const SAYS = { confirmed: "accepted", rejected: "turned down", open: "suggested" };
  const SENTENCES = ["headline", "surprise", "phrase", "gap", "decided", "why", "versus", "summary"];
  const TOLD_MS = 8000, QUIET_MS = 350;

  let current = "";
  let queue = Promise.resolve();
  let waiting = 0;
  let timer = 0;
  const changes = [];
  const pending = new Map();
  const stale = new Set();

  const work = () => document.getElementById("work");
  const here = () => work().dataset.here;
  const find = (id) => (id ? work().querySelector(`[data-item="${id}"]`) : null);
  const items = () => [
    ...work().querySelectorAll("#talk [data-item]"),
    ...work().querySelectorAll("h1 [data-item]"),
    ...work().querySelectorAll("#found [data-item]"),
  ];

  // where one is

  function inSight(element) {
    const box = element.getBoundingClientRect();
    return box.top > 130 && box.bottom < innerHeight - 70;
  }

  function go(item, { focus = true, scroll = true } = {}) {
    for (const old of work().querySelectorAll(".here")) {
      old.classList.remove("here");
      old.tabIndex = -1;
    }
    current = item ? item.dataset.item : "";
    if (item) {
      item.classList.add("here");
      item.tabIndex = 0;
      const quotes = item.dataset.quotes.split(" ");
      window.desk.light(quotes);
      if (focus) item.focus({ preventScroll: true });
      if (scroll) {
        const beside = matchMedia("(min-width: 1081px)").matches;
        if (item.closest("#found")) item.scrollIntoView({ block: beside ? "nearest" : "center" });
        const place = beside ? document.getElementById(`q${quotes[0]}`) : item;
        if (place && !inSight(place)) place.scrollIntoView({ block: "center" });
      }
    }
    else window.desk.light([]);
    tell();
  }

  function step(by, { open = false } = {}) {
    const all = items();
    const at = all.findIndex((one) => one.dataset.item === current);
    const seen = (one) => one.checkVisibility();
    const rest = by > 0 ? all.slice(at + 1) : all.slice(0, at < 0 ? all.length : at).reverse();
    const next = rest.find((one) => seen(one) && (!open || one.dataset.state === "open"));
    if (next) go(next);
    else if (open) {
      const left = all.find((one) => one.dataset.state === "open");
      if (left) go(left);
      else tell();
    }
  }

  function turn(by) {
    const all = [...work().querySelectorAll(".turn.a")];
    const at = all.indexOf((document.activeElement?.closest(".turn") ?? find(current)?.closest(".turn")));
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    if (!next) return;
    go(null);
    next.focus({ preventScroll: true });
    if (!inSight(next)) next.scrollIntoView({ block: "center" });
  }

  // what stands below: where one is, and what can be done there

  function tell() {
    const item = find(current), words = picked();
    const kinds = new Set();
    if (item) kinds.add("item").add(item.dataset.item.split(":")[0]);
    if (item && SENTENCES.includes(item.dataset.kind)) kinds.add("sentence");
    if (words) kinds.add("words");
    for (const key of strip.querySelectorAll("[data-on]"))
      key.disabled = !key.dataset.on.split(" ").some((kind) => kinds.has(kind));
    if (words) return say([["b", `“${words.words.trim()}”`], ["span", " selected"]]);
    if (!item) {
      const left = items().filter((one) => one.dataset.state === "open").length;
      if (left || work().dataset.reviewed !== undefined) now.innerHTML = hint;
      else say([["b", "All looked at. "], ["span", "Shift + Enter marks it as reviewed."]]);
      return;
    }
    const { theme, subject, polarity, scope, text, state } = item.dataset;
    if (theme) say([
      ["b", theme.replaceAll("_", " ")],
      ["span", [subject && `: ${subject}`, polarity && ` · ${polarity}`, scope && ` · ${scope}`].filter(Boolean).join("")],
      ["span", ` · ${SAYS[state]}`, "soft"],
    ]);
    else say([["b", text], ["span", ` · ${SAYS[state]}`, "soft"]]);
  }

  function say(parts) {
    now.replaceChildren(...parts.map(([kind, text, name]) => {
      const part = document.createElement(kind);
      part.textContent = text;
      if (name) part.className = name;
      return part;
    }));
  }

  function paint(id, state) {
    const item = find(id);
    if (!item) return;
    for (const one of [item, ...work().querySelectorAll(`[data-mirror="${id}"]`)]) one.dataset.state = state;
    item.querySelector("[data-says]").textContent = SAYS[state];
    const all = items(), left = all.filter((one) => one.dataset.state === "open").length;
    const progress = document.getElementById("progress");
    if (progress) progress.value = all.length - left;
    for (const [name, number] of [["looked", all.length - left], ["left", left]]) {
      const place = document.getElementById(name);
      if (place) place.textContent = number;
    }
    document.getElementById("accept")?.toggleAttribute("hidden", !left);
  }

  // toasts

  function toast(element) {
    toasts.replaceChildren(element);
    let end = 0;
    const leave = () => { end = setTimeout(() => element.remove(), TOLD_MS); };
    const stay = () => clearTimeout(end);
    for (const [begin, over] of [["mouseenter", "mouseleave"], ["focusin", "focusout"]]) {
      element.addEventListener(begin, stay);
      element.addEventListener(over, leave);
    }
    leave();
  }

  function complain(text) {
    const element = document.createElement("div");
    element.className = "toast bad";
    element.textContent = text.trim();
    toast(element);
  }

  function done(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const element = holder.content.firstElementChild;
    const change = Number(element.dataset.change);
    if (change) changes.push(change);
    toast(element);
  }

  // requests, one at a time in the order of the keys: a later one needs what an earlier one left

  function send(job) {
    waiting += 1;
    clearTimeout(timer);
    queue = queue.then(job).catch(() => complain("Not saved: the server cannot be reached. Nothing was changed.")).finally(() => {
      waiting -= 1;
      if (!waiting && stale.size) settle();
    });
    return queue;
  }

  async function ask(path, fields) {
    const answer = await fetch(path, {
      method: fields ? "POST" : "GET",
      headers: { "HX-Request": "true" },
      body: fields ? new URLSearchParams(fields) : undefined,
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    return { status: elsewhere ? 0 : answer.status, text: await answer.text() };
  }

  // Whether it was done. Where somebody was faster, the page shows what they left.
  async function post(path, fields) {
    const { status, text } = await ask(path, fields);
    if (status === 200) {
      done(text);
      return true;
    }
    if (status === 409) {
      pending.clear();
      swap(text);
      complain(document.getElementById("notice")?.textContent ?? "Somebody else changed this meanwhile.");
    } else if (status) {
      const holder = document.createElement("template");
      holder.innerHTML = text;
      complain(holder.content.textContent);
    }
    return false;
  }

  async function load() {
    const { status, text } = await ask(`${here()}/evidence`);
    if (status === 200) swap(text);
  }

  function settle() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (waiting) return;
      if (document.querySelector("dialog[open]") || picked()) settle();
      else send(load);
    }, QUIET_MS);
  }

  // The page as the server has it now, with eyes, hands and selection where they were.
  function swap(html) {
    const order = items().map((one) => one.dataset.item);
    const active = document.activeElement, focused = Boolean(active?.closest("[data-item]"));
    const turned = active?.classList.contains("turn") ? active.id : "";
    const words = picked();
    const scrolled = document.getElementById("found")?.scrollTop ?? 0;
    const shown = document.getElementById("rejected")?.open ?? false;
    work().outerHTML = html;
    stale.clear();
    window.desk.fresh(work());
    for (const [id, state] of pending) paint(id, state);
    const pane = document.getElementById("found");
    if (pane) pane.scrollTop = scrolled;
    document.getElementById("rejected")?.toggleAttribute("open", shown);
    const behind = order.slice(order.indexOf(current));
    go(current ? find(behind.find((id) => find(id))) : null, { focus: focused, scroll: false });
    if (turned) document.getElementById(turned)?.focus({ preventScroll: true });
    const said = words && work().querySelector(`.said[data-turn="${words.turn}"]`);
    if (said) select(said, ...words.units);
  }

  // acts

  function decide(verb) {
    const item = find(current);
    if (!item) return step(1);
    const id = current, before = item.dataset.state, after = STATES[verb];
    if (before === after) return step(1, { open: true });
    pending.set(id, after);
    paint(id, after);
    if (verb === "reopen") tell();
    else step(1, { open: true });
    send(async () => {
      if (stale.has(id)) await load();
      const version = find(id)?.dataset.version;
      let kept = false;
      try {
        const [what, ref] = id.split(":");
        kept = version !== undefined && await post(`${here()}/${what}s/${ref}/${verb}`, { version });
      } finally {
        if (pending.get(id) === after) pending.delete(id);
        if (kept) stale.add(id);
        else if (find(id)?.dataset.version === version) paint(id, before);
        tell();
      }
    });
  }

  function acceptAll() {
    const open = items().filter((one) => one.dataset.state === "open").map((one) => one.dataset.item);
    if (!open.length) return;
    for (const id of open) {
      pending.set(id, "confirmed");
      paint(id, "confirmed");
    }
    go(null);
    send(async () => {
      let kept = false;
      try {
        kept = await post(`${here()}/accept`, { count: open.length });
      } finally {
        for (const id of open) {
          pending.delete(id);
          if (kept) stale.add(id);
          else if (!kept && find(id)) paint(id, find(id).dataset.review ?? "open");
        }
        tell();
      }
    });
  }

  function undo(change) {
    send(async () => {
      const at = change ? changes.indexOf(change) : changes.length - 1;
      const asked = at >= 0 ? changes.splice(at, 1)[0] : change || Number(work().dataset.undo);
      const elsewhere = document.querySelector(".toast form:not(:has([name=interview]))");
      if (at < 0 && !change && elsewhere) return elsewhere.submit();
      if (!asked) return complain("There is nothing of yours to undo here.");
      const interview = here().split("/").at(-1);
      if (await post("/desk/review/undo", { change: asked, interview })) await load();
    });
  }

  function redact() {
    const words = picked();
    if (!words) return complain("Select the words first: with the mouse, or with the arrow keys.");
    getSelection().removeAllRanges();
    const { turn: number, start, end } = words;
    send(async () => { if (await post(`${here()}/redactions`, { turn: number, start, end })) await load(); });
  }

  // words selected, in code points of the turn's text; labels in between do not count

  function spoken(said, container = said, offset = said.childNodes.length) {
    const until = document.createRange();
    until.setStart(said, 0);
    until.setEnd(container, offset);
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[data-label]")) continue;
      if (node === container) return text + node.data.slice(0, offset);
      if (until.comparePoint(node, 0) > 0) break;
      text += node.data;
    }
    return text;
  }

  const saidAround = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest(".said[data-turn]");

  function picked() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const said = saidAround(range.startContainer);
    if (!said) return null;
    const before = spoken(said, range.startContainer, range.startOffset);
    const inside = saidAround(range.endContainer) === said;
    const until = inside ? spoken(said, range.endContainer, range.endOffset) : spoken(said);
    const words = until.slice(before.length);
    if (!words.trim()) return null;
    const start = [...before].length;
    return { said, words, units: [before.length, until.length], turn: said.dataset.turn, start, end: start + [...words].length };
  }

  function select(said, from, to) {
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    const ends = [];
    let at = 0;
    while (walker.nextNode() && ends.length < 2) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[data-label]")) continue;
      if (!ends.length && from < at + node.length) ends.push([node, from - at]);
      if (ends.length && to <= at + node.length) ends.push([node, to - at]);
      at += node.length;
    }
    if (ends.length === 2) getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
  }

  // A word, the next one, or more of them.
  function pick(by, more) {
    const words = picked();
    const mark = document.querySelector("mark.lit");
    const said = words?.said ?? document.activeElement?.closest(".turn")?.querySelector(".said[data-turn]")
      ?? (find(current) && mark?.closest(".said[data-turn]"));
    if (!said) return;
    const spots = [...spoken(said).matchAll(/\S+/gu)].map((hit) => [hit.index, hit.index + hit[0].length]);
    const begin = words ? words.units[0] : mark && said.contains(mark) ? spoken(said, mark, 0).length : 0;
    let first = Math.max(0, spots.findIndex(([, end]) => end > begin));
    let last = words ? spots.findLastIndex(([start]) => start < words.units[1]) : first;
    if (words && more) last = Math.min(spots.length - 1, Math.max(first, last + by));
    else if (words) first = last = Math.min(spots.length - 1, Math.max(0, (by > 0 ? last : first) + by));
    select(said, spots[first][0], spots[last][1]);
    if (!inSight(said)) said.scrollIntoView({ block: "center" });
  }

  // dialogs

  function open(id, address, fill) {
    const dialog = document.getElementById(id), form = dialog.querySelector("form");
    form.reset();
    if (address) form.action = address;
    form.querySelector(".problem")?.toggleAttribute("hidden", true);
    dialog.showModal();
    fill(form);
  }

  async function submit(form) {
    const dialog = form.closest("dialog"), problem = form.querySelector(".problem");
    const path = new URL(form.action).pathname, fields = new URLSearchParams(new FormData(form));
    await send(async () => {
      const { status, text } = await ask(path, fields);
      if (status === 422) {
        problem.textContent = text.trim();
        problem.hidden = false;
        return;
      }
      dialog.close();
      if (status === 200) {
        done(text);
        getSelection().removeAllRanges();
        await load();
      } else if (status === 409) {
        swap(text);
        complain(document.getElementById("notice")?.textContent ?? "Somebody else changed this meanwhile.");
      } else if (status) complain("It could not be saved. Load the page again and try once more.");
    });
  }

  function tag() {
    const words = picked(), item = find(current);
    if (!words && !item?.dataset.theme) return complain("Choose a tag, or select the words to tag.");
    const [, ref] = current.split(":");
    const address = words ? `${here()}/quotes` : `${here()}/tags/${ref}/retag`;
    open("retag", address, (form) => {
      form.querySelectorAll("[data-extra]").forEach((extra) => extra.remove());
      const given = words
        ? { turn: words.turn, start: words.start, end: words.end, words: words.words }
        : { version: item.dataset.version };
      for (const [name, value] of Object.entries(given)) {
        const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
        field.dataset.extra = "";
        form.append(field);
      }
      document.getElementById("retag-title").textContent = words ? "Tag these words" : "Retag";
      form.querySelector("q").textContent = words ? words.words.trim() : quoteText(item.dataset.quotes);
      const { theme = "", subject = "", polarity = "", scope = "", horizon = "" } = words ? {} : item.dataset;
      form.subject.value = subject;
      form.scope.value = scope;
      form.horizon.value = horizon;
      for (const choice of form.querySelectorAll("[name=polarity]")) choice.checked = choice.value === polarity;
      narrow("");
      choose(theme ? document.getElementById(`theme-${theme}`) : options()[0]);
      const box = document.getElementById("theme-words");
      box.value = theme ? document.querySelector(`#theme-${theme} b`).textContent : "";
      box.select();
    });
  }

  const quoteText = (id) => document.querySelector(`#card${id} q`)?.textContent ?? "";
  const options = () => [...document.querySelectorAll("#theme-list li:not([hidden])")];

  function narrow(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    for (const option of document.querySelectorAll("#theme-list li")) {
      const label = option.querySelector("b").textContent.toLowerCase();
      option.hidden = !words.every((word) => label.split(" ").some((part) => part.startsWith(word)));
    }
  }

  function choose(option) {
    const box = document.getElementById("theme-words");
    for (const one of document.querySelectorAll("#theme-list [aria-selected=true]")) one.ariaSelected = "false";
    box.form.theme.value = option?.dataset.value ?? "";
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.ariaSelected = "true";
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  }

  const themes = document.getElementById("theme-words");
  themes.addEventListener("input", () => {
    narrow(themes.value);
    const begun = themes.value.trim().toLowerCase();
    choose(options().find((one) => one.querySelector("b").textContent.startsWith(begun)) ?? options()[0]);
  });
  themes.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = options(), at = all.findIndex((one) => one.ariaSelected === "true");
    choose(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
  });
  document.getElementById("theme-list").addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (!option) return;
    choose(option);
    themes.value = option.querySelector("b").textContent;
  });

  function merge() {
    const subject = find(current)?.dataset.subject;
    if (!subject) return complain("Choose a tag that says what it is about.");
    open("merge", "", (form) => {
      form.subject_from.value = subject;
      form.querySelector("[data-from]").textContent = `“${subject}”`;
    });
  }

  function edit() {
    const item = find(current);
    if (!item || !SENTENCES.includes(item.dataset.kind))
      return complain(item?.dataset.kind ? "This one is read as fields: accept it, or turn it down." : "Choose a sentence first.");
    open("reword", `${here()}/statements/${current.split(":")[1]}/reword`, (form) => {
      form.querySelectorAll("[data-extra]").forEach((extra) => extra.remove());
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "version", value: item.dataset.version });
      field.dataset.extra = "";
      form.append(field);
      form.text.value = item.dataset.text;
      const chosen = item.dataset.quotes.split(" ");
      for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = chosen.includes(box.name.slice(6));
    });
  }

  function release() {
    const item = find(current);
    if (!item?.dataset.theme) return complain("Choose a tagged quote first.");
    open("release", "", (form) => {
      form.dataset.quote = item.dataset.quotes;
      form.querySelector("q").textContent = quoteText(item.dataset.quotes);
      audience(form);
    });
  }

  // What the chosen audience has decides whether the button lets it read, or takes it back.
  function audience(form) {
    const chosen = form.querySelector("[name=audience]:checked")?.value ?? "";
    const has = document.querySelector(`#card${form.dataset.quote} [data-audience="${chosen}"]`);
    const wording = form.querySelector("[data-for=sales]");
    if (wording) wording.hidden = chosen !== "sales" || Boolean(has);
    if (form.wording) form.wording.required = chosen === "sales" && !has;
    const button = form.querySelector("[data-release]");
    if (button) button.textContent = has ? "Take it back" : "Release";
    form.action = `${here()}/quotes/${form.dataset.quote}/${has ? "withdraw" : "release"}`;
  }
  document.getElementById("release").addEventListener("change", (event) => audience(event.target.form));

  // keys and presses

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    J: () => turn(1),
    K: () => turn(-1),
    a: () => decide("confirm"),
    x: () => decide("reject"),
    s: () => decide("reopen"),
    A: acceptAll,
    t: tag,
    m: merge,
    e: edit,
    r: redact,
    l: release,
    u: () => undo(),
    n: () => location.assign(`${here()}/next`),
    ArrowRight: (event) => pick(1, event.shiftKey),
    ArrowLeft: (event) => pick(-1, event.shiftKey),
    Escape: () => { getSelection().removeAllRanges(); go(null); document.activeElement?.blur(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || window.desk.chord) return;
    if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      send(async () => document.getElementById("finish")?.requestSubmit());
    } else if (event.key in KEYS) {
      event.preventDefault();
      KEYS[event.key](event);
    }
  }, true);

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) return KEYS[key.dataset.key](event);
    if (event.target.closest("[data-close]")) return event.target.closest("dialog").close();
    const item = event.target.closest("[data-item]");
    if (!item || event.target.closest("a.cite, summary, button, input") || picked()) return;
    event.preventDefault();
    go(item);
  });

  document.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item && event.target === item && item.dataset.item !== current) go(item, { focus: false });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.closest("dialog.pop")) {
      event.preventDefault();
      submit(form);
    } else if (form.id === "accept") {
      event.preventDefault();
      acceptAll();
    } else if (form.closest(".toast") && form.interview) {
      event.preventDefault();
      undo(Number(form.change.value));
    }
  });

  document.addEventListener("selectionchange", tell);
  // A press on the strip must not take away the selection that it acts on.
  strip.addEventListener("mousedown", (event) => event.preventDefault());

  // What was done on the page before is told here, and takes one back there.
  const told = document.querySelector(".toasts:not(#toasts) .toast");
  if (told) toast(told);
  strip.hidden = false;
  const first = items().find((one) => one.dataset.state === "open");
  if (first) first.tabIndex = 0;
  tell();
})();
