// Review by keyboard: what is pressed shows at once, the request follows, and what the server says has the last word.
(() => {
  "use strict";

  const review = window.review;
  if (!review) return;
  const { strip, work, here, find, items, go, step, show, ahead, onward, paint, tell } = review;
  const { send, post, load, complain, changes, pending, stale } = review;
  const STATES = { confirm: "confirmed", reject: "rejected", reopen: "open" };

  // What is decided on is what was shown at the press. An act of one's own on the way raises the version by one.
  const seen = (id) => (pending.has(id) ? undefined : find(id)?.dataset.version);

  function raise(id) {
    const item = find(id);
    if (item) item.dataset.version = Number(item.dataset.version) + 1;
    stale.add(id);
  }

  function decide(verb) {
    const item = find(review.current);
    if (!item) return onward();
    const id = review.current, before = item.dataset.state, after = STATES[verb], pressed = seen(id);
    if (before === after) return onward();
    pending.set(id, after);
    paint(id, after);
    if (verb === "reopen") tell();
    else onward();
    send(async () => {
      const version = pressed ?? find(id)?.dataset.version;
      let kept = false;
      try {
        const [what, ref] = id.split(":");
        kept = version !== undefined && await post(`${here()}/${what}s/${ref}/${verb}`, { version });
      } finally {
        if (pending.get(id) === after) pending.delete(id);
        if (kept) raise(id);
        else if (find(id)?.dataset.version === version) paint(id, before);
        tell();
      }
    });
  }

  // Several at once, as one change: shown at once, turned back together.
  function accept(open, path = "confirm") {
    const ids = open.map((one) => one.dataset.item), pressed = new Map(ids.map((id) => [id, seen(id)]));
    for (const id of ids) {
      pending.set(id, "confirmed");
      paint(id, "confirmed");
    }
    send(async () => {
      const versions = Object.fromEntries(ids.map((id) => [id, pressed.get(id) ?? find(id)?.dataset.version]));
      let kept = false;
      try {
        kept = await post(`${here()}/${path}`, versions);
      } finally {
        for (const id of ids) {
          const mine = pending.delete(id); // not any more where the page came anew, with what somebody else left
          if (kept) raise(id);
          else if (mine) paint(id, "open");
        }
        tell();
      }
    });
  }

  function acceptAll() {
    const left = items().filter(review.open);
    if (!left.length) return;
    accept(left, "accept");
    show("");
  }

  // The one key that leads through: accept what is in view, go on to what comes next; at the end mark it, and on.
  function forward() {
    const { name, batch } = ahead();
    if (!name && work().dataset.reviewed !== undefined) return following();
    if (!name) return finish();
    if (name === review.shown && batch.length) accept(batch);
    show(ahead().name);
  }

  // Not where something that was accepted on the way came back; `early` marks it whatever is left.
  function finish({ early = false } = {}) {
    send(async () => {
      if (early || !items().some(review.open)) document.getElementById("finish")?.requestSubmit();
    });
  }

  function following() {
    location.assign(`${here()}/next`);
  }

  // All of the card, or of the answer, that one is in.
  function acceptCard() {
    const item = find(review.current), card = item?.closest("section.card, .turn, h1");
    if (!card) return complain("Choose a suggestion first: its whole card is accepted.");
    const left = [...card.querySelectorAll("[data-item]")].filter(review.open);
    if (left.length) accept(left);
    onward();
  }

  function undo(change) {
    send(async () => {
      const at = change ? changes.indexOf(change) : changes.length - 1;
      const asked = at >= 0 ? changes.splice(at, 1)[0] : change || Number(work().dataset.undo);
      const elsewhere = document.querySelector(".toast form:not(:has([name=interview]))");
      if (at < 0 && !change && elsewhere) return elsewhere.submit();
      if (!asked) return complain("There is nothing of yours to undo here.");
      const interview = here().split("/").at(-1);
      if (!(await post("/desk/review/undo", { change: asked, interview }))) return;
      const restored = document.querySelector("#toasts .toast")?.dataset.restored;
      await load();
      if (restored && find(restored)) go(find(restored));
    });
  }

  function redact() {
    const words = review.picked();
    if (!words) return complain("Select the words first: with the mouse, or with the arrow keys.");
    getSelection().removeAllRanges();
    const { turn: number, start, end, words: said } = words;
    send(async () => { if (await post(`${here()}/redactions`, { turn: number, start, end, words: said })) await load(); });
  }

  // Into the step that is shown: to the first in it that is undecided.
  function down() {
    const { left } = ahead();
    if (review.current || !left.length) step(1);
    else go(left[0]);
  }

  const KEYS = {
    Enter: forward,
    j: down,
    k: () => step(-1),
    J: () => review.turn(1),
    K: () => review.turn(-1),
    a: () => decide("confirm"),
    x: () => decide("reject"),
    s: () => decide("reopen"),
    c: acceptCard,
    A: acceptAll,
    t: review.tag,
    m: review.merge,
    e: review.edit,
    r: redact,
    l: review.release,
    u: () => undo(),
    n: following,
    ArrowRight: (event) => review.pick(1, event.shiftKey),
    ArrowLeft: (event) => review.pick(-1, event.shiftKey),
    Escape: () => getSelection().removeAllRanges(),
  };
  // Held down, only what moves goes on.
  const MOVES = ["j", "k", "J", "K", "ArrowLeft", "ArrowRight"];
  // There Enter is the element's own.
  const OWN = "a:not([data-item]), button, summary, label";

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || window.desk.chord) return;
    // Focus may have left an open dialog for the browser's own bar: the page behind it still must not act.
    if (event.target.closest("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (!(event.key in KEYS) || (event.key === "Enter" && !event.shiftKey && event.target.closest(OWN))) return;
    event.preventDefault();
    if (event.repeat && !MOVES.includes(event.key)) return;
    if (event.key === "Enter" && event.shiftKey) finish({ early: true });
    else KEYS[event.key](event);
  }, true);

  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) return KEYS[key.dataset.key](event);
    if (event.target.closest("[data-close]")) return event.target.closest("dialog").close();
    const item = event.target.closest("[data-item]");
    if (!item || event.target.closest("a.cite, summary, button, input") || review.picked()) return;
    event.preventDefault();
    go(item);
  });

  document.addEventListener("focusin", (event) => {
    const item = event.target.closest("[data-item]");
    if (item && event.target === item && item.dataset.item !== review.current) go(item, { focus: false });
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.closest("dialog.pop")) {
      event.preventDefault();
      review.submit(form);
    } else if (form.id === "accept") {
      event.preventDefault();
      acceptAll();
    } else if (form.closest(".toast") && form.interview) {
      event.preventDefault();
      undo(Number(form.change.value));
    }
  });

  document.addEventListener("selectionchange", tell);
  for (const moved of ["scroll", "resize"])
    addEventListener(moved, () => requestAnimationFrame(review.frame), { capture: true, passive: true });
  // A press on the strip must not take away the selection that it acts on.
  strip.addEventListener("mousedown", (event) => event.preventDefault());

  // Where the page came as the answer to a form that was too late, loading it again must not send that form again.
  if (!/^\/desk\/interviews\/[^/]+$/.test(location.pathname)) history.replaceState(history.state, "", here());

  // Words chosen for a note: Enter in the list confirms, as in any form; Escape leaves it as it was.
  document.addEventListener("keydown", (event) => {
    const chosen = event.key === "Escape" && event.target.closest(".choose[open]");
    if (!chosen) return;
    event.preventDefault();
    chosen.querySelector("form").reset();
    chosen.open = false;
    chosen.querySelector("summary").focus();
  });

  // What was done on the page before is told here, and takes one back there.
  const told = document.querySelector(".toasts:not(#toasts) .toast");
  if (told) {
    told.querySelector("button")?.append(Object.assign(document.createElement("kbd"), { textContent: "u" }));
    review.toast(told);
  }
  review.measure();
  const { name, left } = ahead();
  if (left.length) left[0].tabIndex = 0;
  // From one interview to the next a key that is pressed once too often accepts nothing: there the first one begins.
  const from = document.referrer ? new URL(document.referrer).pathname : "";
  review.shown = from.startsWith("/desk/interviews/") && !from.startsWith(location.pathname) ? "" : name;
  review.count();
  tell();
})();
