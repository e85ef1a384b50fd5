// The desk works without any of this. With it: times in the reader's zone, copying, moving by keyboard, and a choice kept.
(() => {
  "use strict";

  const ZONE = {
    time: { hour: "2-digit", minute: "2-digit", hour12: false },
    day: { day: "numeric", month: "short" },
    moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short" },
  };

  function localise(root) {
    for (const element of root.querySelectorAll("time[data-as]")) {
      const at = new Date(element.dateTime);
      const form = { ...ZONE[element.dataset.as] };
      if (form.day && at.getFullYear() !== new Date().getFullYear()) form.year = "numeric";
      element.textContent = new Intl.DateTimeFormat("en-GB", form).format(at);
      element.title = at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
      delete element.dataset.as;
    }
    for (const button of root.querySelectorAll("[data-copy], [data-keys]")) button.hidden = false;
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

  function move(step) {
    const turns = [...document.querySelectorAll(".turn")];
    if (!turns.length) return;
    const here = turns.indexOf(document.activeElement?.closest(".turn"));
    const next = turns[Math.min(turns.length - 1, Math.max(0, here < 0 && step < 0 ? 0 : here + step))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  }

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-keys]");
    if (button) button.dataset.copy ? copy(button) : KEYS["?"]();
    const cite = event.target.closest("a.cite");
    if (cite) light(cite.dataset.quotes.split(" "));
  });

  // Whether the reasons are shown is kept for the next page. A browser may refuse to keep anything.
  const reasoning = document.getElementById("reasoning");
  try {
    if (reasoning) reasoning.checked = localStorage.getItem("desk-reasons") === "shown";
    reasoning?.addEventListener("change", () => {
      localStorage.setItem("desk-reasons", reasoning.checked ? "shown" : "hidden");
    });
  } catch { /* then it stays hidden at first */ }

  // What was just done is told once: a reload, or a link that is passed on, does not tell it again.
  const here = new URL(location.href);
  if (here.searchParams.has("done")) {
    here.searchParams.delete("done");
    history.replaceState(history.state, "", here);
  }

  document.addEventListener("htmx:after:swap", () => localise(document));
  localise(document);
  if (location.hash.startsWith("#q")) light([location.hash.slice(2)]);
})();
