// Notes of a call save themselves, one request at a time. What the server has not acknowledged yet stays on this device.
(() => {
  "use strict";

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

  const kept = recall();
  const lost = boxes().filter((box) => box.name in kept && kept[box.name] !== box.value);
  for (const box of lost) box.value = kept[box.name];
  if (lost.length) {
    dirty = true;
    tell("What was not saved last time is back in its boxes");
    window.addEventListener("load", () => soon(PAUSE_MS));
  } else {
    stash();
  }
})();
