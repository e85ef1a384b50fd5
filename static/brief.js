// Notes of a call save themselves, one request at a time. What the server has not acknowledged yet stays on this device.
(() => {
  "use strict";

  // A call that was called off, or became an interview, has no boxes: what waited for them on this device is shown.
  const unsaved = document.getElementById("unsaved");
  if (unsaved) {
    const place = `brief:${unsaved.dataset.brief}`;
    let typed = {};
    try {
      typed = JSON.parse(localStorage.getItem(place) ?? "{}");
    } catch { /* nothing can be read, so nothing is shown */ }
    const texts = Object.values(typed).filter((text) => text.trim());
    unsaved.querySelector("textarea").value = texts.join("\n\n");
    unsaved.hidden = !texts.length;
    unsaved.querySelector("button").addEventListener("click", () => {
      localStorage.removeItem(place);
      unsaved.hidden = true;
    });
  }

  const form = document.getElementById("notes");
  if (!form) return;
  const PAUSE_MS = 900, AGAIN_MS = 5000;
  const place = `brief:${form.dataset.brief}`;
  const boxes = () => [...form.querySelectorAll("textarea")];
  const first = Object.fromEntries(boxes().map((box) => [box.name, box.value]));
  let timer = 0, sending = false, dirty = false, clashing = false;

  // A browser may refuse to keep anything: then the page alone holds what is typed.
  function stash() {
    const typed = Object.fromEntries(boxes().filter((box) => box.value !== first[box.name]).map((box) => [box.name, box.value]));
    try {
      if (Object.keys(typed).length) localStorage.setItem(place, JSON.stringify(typed));
      else localStorage.removeItem(place);
    } catch { /* see above */ }
  }

  function recall() {
    try {
      return JSON.parse(localStorage.getItem(place) ?? "{}");
    } catch {
      return {};
    }
  }

  function tell(words) {
    const line = document.getElementById("saved-words");
    if (line) line.textContent = words;
  }

  function soon(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  let sent = {};
  function save() {
    if (sending || !dirty || clashing) return;
    sending = true;
    dirty = false;
    sent = Object.fromEntries(boxes().map((box) => [box.name, box.value]));
    tell("Saving…");
    form.dispatchEvent(new Event("save"));
  }

  form.addEventListener("input", () => {
    dirty = true;
    stash();
    tell("Not saved yet");
    soon(PAUSE_MS);
  });

  form.addEventListener("htmx:after:request", (event) => {
    const status = event.detail.ctx.response?.status ?? 0;
    if (status === 200) {
      Object.assign(first, sent);
      stash();
    }
    clashing = status === 409;
    if (status !== 200 && !clashing) dirty = true;
  });

  form.addEventListener("htmx:error", () => { dirty = true; });

  form.addEventListener("htmx:finally:request", () => {
    sending = false;
    if (!dirty || clashing) return;
    const waits = boxes().some((box) => box.value !== sent[box.name]);
    if (!waits) tell("Not saved: it stays on this device, and is tried again by itself");
    soon(waits ? PAUSE_MS : AGAIN_MS);
  });

  window.addEventListener("online", () => soon(0));
  form.addEventListener("submit", () => { dirty = false; });

  // Writing and going on is all by keys: out of a note one moves between notes, in it too.
  let last = null;
  form.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) last = event.target; });

  function step(by) {
    const all = boxes(), here = all.indexOf(last);
    const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + by))];
    const folded = next.closest("details:not([open])");
    if (folded) folded.open = true;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function probes() {
    const folded = (last ?? boxes()[0]).closest(".work")?.querySelector("details.probes");
    if (folded) folded.open = !folded.open;
  }

  const KEYS = { j: () => step(1), k: () => step(-1), p: probes };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || document.querySelector("dialog[open]")) return;
    const writing = event.target.matches("textarea") && form.contains(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && writing) {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && writing) {
      event.target.blur();
    } else if (event.key in KEYS && !event.ctrlKey && !event.metaKey && !event.target.closest("input, select, textarea")) {
      event.preventDefault();
      KEYS[event.key]();
    }
  }, true);

  const kept = recall();
  const lost = boxes().filter((box) => box.name in kept && kept[box.name] !== box.value);
  for (const box of lost) {
    box.value = kept[box.name];
    const folded = box.closest("details");
    if (folded) folded.open = true;
  }
  if (lost.length) {
    dirty = true;
    tell("What was not saved last time is back in its boxes");
    window.addEventListener("load", () => soon(PAUSE_MS));
  } else {
    stash();
    if (!form.querySelector("#saved > .banner, #saved time")) tell("Notes save themselves");
  }
})();
