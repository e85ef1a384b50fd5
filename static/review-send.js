// Requests of the review, one at a time in the order of the keys, and what is told of them. The server has the last word.
(() => {
  "use strict";

  const review = window.review;
  if (!review) return;
  const toasts = document.getElementById("toasts");
  const TOLD_MS = 8000, QUIET_MS = 350;
  let queue = Promise.resolve();
  let waiting = 0;
  let timer = 0;
  let overtakings = 0;
  const changes = [];
  const pending = new Map();
  const stale = new Set();
  Object.assign(review, { changes, pending, stale, toast, complain, done, send, ask, post, load, overtaken });

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

  // A later one needs what an earlier one left. What was pressed over a page that somebody else had changed is let go.
  function send(job) {
    const over = overtakings;
    waiting += 1;
    clearTimeout(timer);
    queue = queue.then(() => (over === overtakings ? job() : null)).catch(() => complain("Not saved: the server cannot be reached. Nothing was changed.")).finally(() => {
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
    if (status === 409) overtaken(text);
    else if (status) {
      const holder = document.createElement("template");
      holder.innerHTML = text;
      complain(holder.content.textContent);
    }
    return false;
  }

  function overtaken(html) {
    overtakings += 1;
    pending.clear();
    swap(html);
    complain(document.getElementById("notice")?.textContent ?? "This page was older than what stands now.");
  }

  async function load() {
    const { status, text } = await ask(`${review.here()}/evidence`);
    if (status === 200) swap(text);
  }

  function settle() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (waiting) return;
      if (document.querySelector("dialog[open]") || review.picked()) settle();
      else send(load);
    }, QUIET_MS);
  }

  // The page as the server has it now, with eyes, hands and selection where they were.
  function swap(html) {
    const order = review.items().map((one) => one.dataset.item);
    const active = document.activeElement, focused = Boolean(active?.closest("[data-item]"));
    const stood = active?.dataset.step;
    const turned = active?.classList.contains("turn") ? active.id : "";
    const words = review.picked();
    const scrolled = document.getElementById("found")?.scrollTop ?? 0;
    const shown = document.getElementById("rejected")?.open ?? false;
    review.work().outerHTML = html;
    stale.clear();
    window.desk.fresh(review.work());
    review.measure();
    for (const [id, state] of pending) review.paint(id, state);
    review.count();
    const pane = document.getElementById("found");
    if (pane) pane.scrollTop = scrolled;
    document.getElementById("rejected")?.toggleAttribute("open", shown);
    const behind = order.slice(order.indexOf(review.current));
    review.go(review.current ? review.find(behind.find((id) => review.find(id))) : null, { focus: focused, scroll: false });
    if (stood) document.querySelector(`:is(section, details)[data-step="${stood}"]`)?.focus({ preventScroll: true });
    if (turned) document.getElementById(turned)?.focus({ preventScroll: true });
    const said = words && review.work().querySelector(`.said[data-turn="${words.turn}"]`);
    if (said) review.select(said, ...words.units);
  }
})();
