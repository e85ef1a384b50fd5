// Review: what there is to decide on, where one is in it, and what stands below. The other review-*.js build on this.
(() => {
  "use strict";

  const strip = document.getElementById("strip");
  if (!strip) return;
  const now = document.getElementById("now");
  const SAYS = { confirmed: "accepted", rejected: "turned down", open: "suggested" };
  const SENTENCES = ["headline", "surprise", "phrase", "gap", "decided", "why", "versus", "summary"];

  const work = () => document.getElementById("work");
  const here = () => work().dataset.here;
  const find = (id) => (id ? work().querySelector(`[data-item="${id}"]`) : null);
  const open = (item) => item.dataset.state === "open";
  // What matters most comes first: the sentence over the page and the cards that say so. Then the tags, then the rest.
  const foremost = (item) => Boolean(item.closest("h1, [data-first]"));
  const items = () => {
    const cards = [...work().querySelectorAll("#found [data-item]")];
    return [
      ...work().querySelectorAll("h1 [data-item]"),
      ...cards.filter(foremost),
      ...work().querySelectorAll("#talk [data-item]"),
      ...cards.filter((item) => !foremost(item)),
    ];
  };

  // How high the head is that stays in sight decides where the cards beside begin.
  const under = new ResizeObserver(([head]) => {
    document.documentElement.style.setProperty("--under", `${Math.ceil(head.borderBoxSize[0].blockSize)}px`);
  });
  const measure = () => {
    under.disconnect();
    const head = work().querySelector(".head.review");
    if (head) under.observe(head);
  };

  const review = { current: "", strip, SAYS, SENTENCES, work, here, find, open, items, inSight, go, step, onward, turn, tell, paint, count, measure };
  window.review = review;

  function inSight(element) {
    const box = element.getBoundingClientRect();
    const head = work().querySelector(".head")?.getBoundingClientRect().bottom ?? 0;
    return box.top > Math.max(20, head) && box.bottom < innerHeight - 70;
  }

  function go(item, { focus = true, scroll = true } = {}) {
    for (const old of work().querySelectorAll(".here")) {
      old.classList.remove("here");
      old.tabIndex = -1;
    }
    review.current = item ? item.dataset.item : "";
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

  function step(by, { undecided = false } = {}) {
    const all = items();
    const at = all.findIndex((one) => one.dataset.item === review.current);
    const rest = by > 0 ? all.slice(at + 1) : all.slice(0, at < 0 ? all.length : at).reverse();
    const next = rest.find((one) => one.checkVisibility() && (!undecided || open(one)));
    if (next) go(next);
    else if (undecided) {
      const left = all.find(open);
      if (left) go(left);
      else tell();
    }
  }

  // To the next that is undecided; where all that matters most is decided, the reviewer chooses how to go on.
  function onward() {
    const item = find(review.current), left = items().filter(open);
    if (item && foremost(item) && left.length && !left.some(foremost)) go(null);
    else step(1, { undecided: true });
  }

  function turn(by) {
    const all = [...work().querySelectorAll(".turn.a")];
    const at = all.indexOf((document.activeElement?.closest(".turn") ?? find(review.current)?.closest(".turn")));
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    if (!next) return;
    go(null);
    next.focus({ preventScroll: true });
    if (!inSight(next)) next.scrollIntoView({ block: "center" });
  }

  function tell() {
    const item = find(review.current), words = review.picked();
    const kinds = new Set();
    if (item) kinds.add("item").add(item.dataset.item.split(":")[0]);
    if (item && SENTENCES.includes(item.dataset.kind)) kinds.add("sentence");
    if (words) kinds.add("words");
    if (items().some(open)) kinds.add("left");
    for (const key of strip.querySelectorAll("[data-on]"))
      key.disabled = !key.dataset.on.split(" ").some((kind) => kinds.has(kind));
    if (words) return say([["b", `“${words.words.trim()}”`], ["span", " selected"]]);
    if (!item) return invite();
    const { theme, subject, polarity, scope, text, state } = item.dataset;
    if (theme) say([
      ["b", theme.replaceAll("_", " ")],
      ["span", [subject && `: ${subject}`, polarity && ` · ${polarity}`, scope && ` · ${scope}`].filter(Boolean).join("")],
      ["span", ` · ${SAYS[state]}`, "soft"],
    ]);
    else say([["b", text], ["span", ` · ${SAYS[state]}`, "soft"]]);
  }

  // What to press next, for somebody who is nowhere in particular.
  function invite() {
    const left = items().filter(open), most = left.filter(foremost).length;
    if (!left.length && work().dataset.reviewed !== undefined) say([["span", "Reviewed. ", "soft"], ["kbd", "n"], ["span", " opens the next one.", "soft"]]);
    else if (!left.length) say([["b", "All looked at. "], ["span", "Shift + Enter marks it as reviewed."]]);
    else if (most) say([["kbd", "j"], ["span", ` goes through the ${most} that matter most; then `, "soft"], ["kbd", "A"], ["span", " accepts what is left.", "soft"]]);
    else say([["b", "What matters most is decided. "], ["kbd", "A"], ["span", ` accepts the ${left.length} left, `], ["kbd", "j"], ["span", " goes through them."]]);
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
    count();
  }

  function count() {
    const all = items(), rest = all.filter(open), left = rest.length;
    const progress = document.getElementById("progress");
    if (progress) progress.value = all.length - left;
    for (const [name, number] of [["looked", all.length - left], ["left", left]]) {
      const place = document.getElementById(name);
      if (place) place.textContent = number;
    }
    const accept = document.getElementById("accept");
    accept?.toggleAttribute("hidden", !left);
    accept?.classList.toggle("ready", !rest.some(foremost));
  }
})();
