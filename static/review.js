// Review: what there is to decide on, where one is in it, and what stands below. The other review-*.js build on this.
(() => {
  "use strict";

  const strip = document.getElementById("strip");
  if (!strip) return;
  const now = document.getElementById("now");
  const next = document.getElementById("next");
  const SAYS = { confirmed: "accepted", rejected: "turned down", open: "suggested" };
  // As many as are taken in at one look.
  const MOST = 6;
  // How much at the lower edge of the cards fades, while more follows.
  const FADED = 32;
  const SENTENCES = ["headline", "surprise", "phrase", "gap", "decided", "why", "versus", "summary"];

  const work = () => document.getElementById("work");
  const here = () => work().dataset.here;
  const find = (id) => (id ? work().querySelector(`[data-item="${id}"]`) : null);
  const open = (item) => item.dataset.state === "open";
  // What matters most comes first: the sentence over the page and the cards that say so. Then the tags, then the rest.
  const foremost = (item) => Boolean(item.closest("h1, [data-first]"));
  // A step is what belongs together. One key accepts what of it is in view, a handful at most.
  const stepOf = (item) => item.closest("[data-step]")?.dataset.step ?? "";
  // What was turned down is a step only where something in it was taken up again.
  const counts = (item) => open(item) || !item.closest("#rejected");
  const parts = (name) => [...work().querySelectorAll("[data-step]")].filter((part) => part.dataset.step === name);
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

  // `shown` is the step that one is at, `current` the one suggestion in it, if any, `reached` where it was gone on to.
  const review = { current: "", shown: "", reached: "", strip, SAYS, SENTENCES, work, here, find, open, items, stepOf, inSight, go, step, show, ahead, onward, turn, tell, frame, paint, count, measure };
  window.review = review;

  function inSight(element) {
    const box = element.getBoundingClientRect();
    const head = work().querySelector(".head")?.getBoundingClientRect().bottom ?? 0;
    return box.top > Math.max(20, head) && box.bottom < innerHeight - 70;
  }

  // Wholly before one's eyes: below the head, above the strip, and within the pane that it scrolls in.
  function inView(item) {
    if (!item.checkVisibility()) return false;
    const box = item.getBoundingClientRect(), head = item.closest(".head") ? null : work().querySelector(".head");
    const found = item.closest("#found"), pane = found && found.scrollHeight > found.clientHeight ? found.getBoundingClientRect() : null;
    const top = Math.max(0, head?.getBoundingClientRect().bottom ?? 0, pane?.top ?? 0);
    const faded = pane && getComputedStyle(found, "::after").opacity > 0 ? FADED : 0;
    const bottom = Math.min(strip.getBoundingClientRect().top, pane ? pane.bottom - faded : innerHeight);
    return box.top >= top - 1 && box.bottom <= bottom + 1;
  }

  function go(item, { focus = true, scroll = true } = {}) {
    for (const old of work().querySelectorAll(".here")) {
      old.classList.remove("here");
      old.tabIndex = -1;
    }
    review.current = item ? item.dataset.item : "";
    if (item) {
      review.shown = stepOf(item) || review.shown;
      item.classList.add("here");
      item.tabIndex = 0;
      if (focus) item.focus({ preventScroll: true });
      if (scroll) reveal(item, item, "center");
    }
    tell();
  }

  // Side by side both come into sight, a card and the words that it rests on; else only what is to be decided on.
  function reveal(element, item, block) {
    const beside = matchMedia("(min-width: 961px)").matches, pane = element.closest("#found");
    if (pane) element.scrollIntoView({ block: beside ? "nearest" : block });
    if (pane && beside && block === "start") pane.scrollTop += element.getBoundingClientRect().top - pane.getBoundingClientRect().top - 4;
    const place = beside ? document.getElementById(`q${item.dataset.quotes.split(" ")[0]}`) : item;
    if (place && !inSight(place) && (beside || element === item)) place.scrollIntoView({ block: "center" });
    // At the end of the page the cards slide under its head.
    const cards = work().querySelector("#found"), head = work().querySelector(".head");
    if (!cards || getComputedStyle(cards).position !== "sticky") return;
    scrollBy(0, Math.min(0, cards.getBoundingClientRect().top - head.getBoundingClientRect().bottom));
  }

  // To a step as a whole; to none where all is decided.
  function show(name) {
    go(null);
    if (!name) return;
    review.shown = name;
    const first = items().find((item) => stepOf(item) === name && open(item));
    const card = first.closest("#found [data-step]") ?? parts(name).find((part) => part.closest("#found"));
    if (card instanceof HTMLDetailsElement) card.open = true;
    (card ?? first.closest("section"))?.focus({ preventScroll: true });
    reveal(card ?? first, first, "start");
    if (!inView(first)) first.scrollIntoView({ block: "center" });
    review.reached = first.dataset.item;
    tell();
  }

  // The step to decide on: the one shown, else the next one behind it that has something left; none where all is decided.
  // And what is left in it, with what of that the next key accepts. What is higher than the window is never all in view.
  function ahead() {
    const all = items(), left = all.filter(open);
    const order = [...new Set(all.filter(counts).map(stepOf))], from = Math.max(0, order.indexOf(review.shown));
    const name = [...order.slice(from), ...order].find((one) => left.some((item) => stepOf(item) === one)) ?? "";
    const here = left.filter((item) => stepOf(item) === name), seen = here.filter(inView);
    const batch = seen.length || here[0]?.dataset.item !== review.reached ? seen.slice(0, MOST) : here.slice(0, 1);
    return { name, left: here, batch, number: order.indexOf(name) + 1, of: order.length };
  }

  function step(by, { undecided = false } = {}) {
    const all = items();
    const at = all.findIndex((one) => one.dataset.item === review.current);
    const rest = by > 0 ? all.slice(at + 1) : all.slice(0, at < 0 ? all.length : at).reverse();
    const found = rest.find((one) => one.checkVisibility() && (!undecided || open(one)));
    if (found) go(found);
  }

  // To the next that is undecided: of this step, else of the next one.
  function onward() {
    const all = items(), at = all.findIndex((one) => one.dataset.item === review.current);
    const { left } = ahead();
    const found = left.find((one) => all.indexOf(one) > at) ?? left[0];
    if (found) go(found);
    else show("");
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
    strip.hidden = !(item || words || items().some(open) || toEnd());
    const { name, left, batch, number, of } = frame();
    const lit = item ? [item] : name === review.shown ? batch.filter(foremost) : [];
    window.desk.light(lit.flatMap((one) => one.dataset.quotes.split(" ")));
    const kinds = new Set();
    if (item) kinds.add("item").add(item.dataset.item.split(":")[0]);
    else if (name) kinds.add("left");
    if (item && SENTENCES.includes(item.dataset.kind)) kinds.add("sentence");
    if (words) kinds.add("words");
    for (const key of strip.querySelectorAll("[data-on]"))
      key.disabled = !key.dataset.on.split(" ").some((kind) => kinds.has(kind));
    strip.querySelector("[data-key=j] span").textContent = item || !name ? "next" : "one by one";
    if (words) return say([["b", `“${words.words.trim()}”`], ["span", " selected"]]);
    if (item) return say(about(item));
    if (name) return say([["b", name], ["span", ` · ${left.length} ${left.length === 1 ? "suggestion" : "suggestions"}`], ["span", ` · step ${number} of ${of}`, "soft"]]);
    const { reviewed, reading } = work().dataset;
    say([["b", reviewed !== undefined ? "Reviewed." : reading !== undefined ? "Being read." : "All looked at."]]);
  }

  // Whether the review can be ended, was, or can begin soon. Of an interview that goes on there is nothing to say.
  const toEnd = () => document.getElementById("finish") || ["reviewed", "reading"].some((state) => state in work().dataset);

  // What the next key accepts, as it is in view now.
  function frame() {
    const all = ahead(), { name, batch } = all, at = Boolean(name) && name === review.shown;
    for (const part of work().querySelectorAll("[data-step]")) part.classList.toggle("next", at && part.dataset.step === name);
    for (const item of items()) item.classList.toggle("next", at && batch.includes(item));
    offer(name, batch.length);
    return all;
  }

  function about(item) {
    const { theme, subject, polarity, scope, state } = item.dataset;
    if (!theme) return [["b", stepOf(item)], ["span", ` · ${SAYS[state]}`, "soft"]];
    return [
      ["b", theme.replaceAll("_", " ")],
      ["span", [subject && `: ${subject}`, polarity && ` · ${polarity}`, scope && ` · ${scope}`].filter(Boolean).join("")],
      ["span", state === "open" ? "" : ` · ${SAYS[state]}`, "soft"],
    ];
  }

  // The one key to press next, and what it does.
  function offer(name, number) {
    const reviewed = work().dataset.reviewed !== undefined;
    next.hidden = !name && !reviewed && !document.getElementById("finish");
    next.querySelector("span").textContent =
      !name ? (reviewed ? "Next interview" : "Mark reviewed") : name !== review.shown ? `${review.shown ? "Go on" : "Begin"}: ${name}`
        : !number ? "Show what is left" : number === 1 ? "Accept this one" : `Accept these ${number}`;
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
