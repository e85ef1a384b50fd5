// The desk works without any of this. With it: times in the reader's zone, copying, moving by keyboard, choices kept.
(() => {
  "use strict";

  // One clock for all times of a page: that of one's hours, else the device's, which the server is told.
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "", timeZone = document.documentElement.dataset.zone || device;
  document.cookie = `interviewer-zone=${encodeURIComponent(device)}; path=/desk; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;

  const ZONE = {
    time: { hour: "2-digit", minute: "2-digit", hour12: false },
    day: { day: "numeric", month: "short" },
    moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short" },
  };

  function localise(root) {
    for (const element of root.querySelectorAll("time[data-as]")) {
      const at = new Date(element.dateTime);
      const form = { ...ZONE[element.dataset.as], timeZone };
      if (form.day && at.getFullYear() !== new Date().getFullYear()) form.year = "numeric";
      element.textContent = new Intl.DateTimeFormat("en-GB", form).format(at);
      element.title = at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long", timeZone });
      delete element.dataset.as;
    }
    for (const button of root.querySelectorAll("[data-copy], [data-keys]")) button.hidden = false;
    if (/Mac|iP/.test(navigator.platform)) for (const key of root.querySelectorAll("[data-mod]")) key.textContent = "⌘";
  }

  // navigator.clipboard is missing on plain http, where the desk may well be opened in a local network.
  async function copy(button) {
    const field = document.getElementById(button.dataset.copy);
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      field.focus();
      field.select();
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2500);
  }

  function light(ids) {
    for (const mark of document.querySelectorAll("mark[data-quotes]"))
      mark.classList.toggle("lit", mark.dataset.quotes.split(" ").some((id) => ids.includes(id)));
  }

  // Over the turns of a conversation, or the lines of a queue.
  function move(step) {
    const stops = [...document.querySelectorAll(".turn, a[data-row]")];
    if (!stops.length) return;
    const here = stops.indexOf(document.activeElement?.closest(".turn, a[data-row]"));
    const next = stops[Math.min(stops.length - 1, Math.max(0, here < 0 && step < 0 ? 0 : here + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  function search() {
    const box = document.querySelector("input[type=search]");
    const place = document.querySelector('.nav a[href="/desk/library"]') ?? document.querySelector('.nav a[href="/desk"]');
    if (box) box.focus();
    else place?.click();
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    Enter: () => document.querySelector(".waiting a[data-row]")?.click(),
    o: () => document.activeElement?.closest("a[data-row]")?.click(),
    g: () => { desk.chord = true; setTimeout(() => { desk.chord = false; }, 1500); },
    "/": search,
    "?": () => document.getElementById("keys")?.showModal(),
  };
  const AFTER_G = { q: "/desk/review", i: "/desk" };

  const desk = { light, fresh, chord: false };
  window.desk = desk;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // Focus may have left an open dialog for the browser's own bar: the page behind it still must not act.
    if (event.target.closest("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const place = desk.chord && AFTER_G[event.key];
    desk.chord = false;
    if (!place && !(event.key in KEYS)) return;
    // It begins the queue where nothing is chosen; else it is the element's own.
    if (event.key === "Enter" && (event.repeat || ![document.body, document.getElementById("main")].includes(event.target))) return;
    event.preventDefault();
    if (place) document.querySelector(`.nav a[href="${place}"]`)?.click();
    else KEYS[event.key]();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-keys]");
    if (button) button.dataset.copy ? copy(button) : KEYS["?"]();
    const cite = event.target.closest("a.cite");
    if (cite) light(cite.dataset.quotes.split(" "));
  });

  // What is shown beside the words is kept for the next page. A browser may refuse to keep anything.
  const SWITCHES = { reasoning: "desk-reasons", translated: "desk-english" };

  function remember(box) {
    try {
      localStorage.setItem(SWITCHES[box.id], box.checked ? "shown" : "hidden");
    } catch { /* then it is as at first */ }
  }

  function recall() {
    for (const [id, name] of Object.entries(SWITCHES)) {
      const box = document.getElementById(id);
      try {
        const kept = localStorage.getItem(name);
        if (box && kept) box.checked = kept === "shown";
      } catch { /* then it is as at first */ }
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.id in SWITCHES) remember(event.target);
  });

  // A part of the page came anew.
  function fresh(part) {
    window.htmx?.process(part);
    localise(part);
    recall();
  }
  recall();

  // What was just done is told once: a reload, or a link that is passed on, does not tell it again.
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    here.searchParams.delete("change");
    here.searchParams.delete("was");
    history.replaceState(history.state, "", here);
  }

  document.addEventListener("htmx:after:swap", () => localise(document));
  localise(document);
  if (location.hash.startsWith("#q")) light([location.hash.slice(2)]);
})();
