// The chat's few lines of script: the buyer's own bubble at once, retries under the same key, drafts that survive.
// Everything works without it, by forms and redirects.
(() => {
  const body = document.body, id = name => document.getElementById(name);
  const form = id("answer"), box = id("text"), scroll = id("scroll"), pill = id("new"), words = body.dataset;
  const slot = "interviewer:" + words.interview;
  const touch = matchMedia("(pointer: coarse)").matches;
  let waiting = null, timer = 0, tries = 0;

  const keep = what => { try { what ? localStorage.setItem(slot, JSON.stringify(what)) : localStorage.removeItem(slot); } catch { /* private mode */ } };
  const kept = () => { try { return JSON.parse(localStorage.getItem(slot)); } catch { return null; } };
  const tell = text => { const note = id("notice"); note.textContent = text; note.hidden = !text; };
  const atEnd = () => scroll.scrollTop > -60;  // column-reverse: 0 is the end, negative is further up
  const toEnd = () => { scroll.scrollTop = 0; pill.hidden = true; };
  const grow = () => { if (!CSS.supports("field-sizing", "content")) { box.style.height = "auto"; box.style.height = box.scrollHeight + "px"; } };
  const put = text => { box.value = text; grow(); };

  function sync() {
    const tail = id("tail"), due = "pending" in tail.dataset;
    for (const button of [form.querySelector("button"), id("skip").querySelector("button")]) button.disabled = due || !!waiting;
    if (due) return;
    for (const one of [form, id("skip")]) { one.elements.key.value = tail.dataset.key; one.elements.number.value = tail.dataset.number; }
    id("progress").textContent = tail.dataset.progress;
    body.classList.toggle("closed", "closed" in tail.dataset);
  }

  function draw(text) {
    const tail = id("tail"), bubble = document.createElement("div"), dots = document.createElement("div");
    bubble.className = "a"; bubble.ariaHidden = "true";
    const said = document.createElement("p"), state = document.createElement("small");
    said.dir = "auto"; said.textContent = text; state.textContent = words.sending;
    bubble.append(said, state);
    dots.className = "dots"; dots.ariaHidden = "true";
    dots.append(...[1, 2, 3].map(() => document.createElement("i")));
    tail.replaceChildren(...(text ? [bubble, dots] : [dots]));
    toEnd();
  }

  function send(one) {
    waiting = one;
    keep(one);
    sync();
    post();
  }

  function post() {
    clearTimeout(timer);
    if (!waiting) return;
    if (!navigator.onLine) return stuck(words.offline);
    htmx.ajax("POST", waiting.action, { source: body, target: "#tail", swap: "outerHTML", values: { text: waiting.text, key: waiting.key, number: waiting.number } });
  }

  function stuck(text) {
    tell(text);
    id("tail").querySelector(".a")?.classList.add("unsent");
    timer = setTimeout(post, Math.min(30000, 1000 * 2 ** tries++));
  }

  function settled() { waiting = null; tries = 0; keep(null); tell(""); }

  form.addEventListener("submit", event => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text || waiting || "pending" in id("tail").dataset) return;
    draw(text);
    put("");
    if (touch) box.focus();
    send({ action: form.action, text, key: form.elements.key.value, number: form.elements.number.value });
  });
  id("skip").addEventListener("submit", event => {
    event.preventDefault();
    if (waiting || "pending" in id("tail").dataset) return;
    draw("");
    const skip = event.currentTarget;
    send({ action: skip.action, text: "", key: skip.elements.key.value, number: skip.elements.number.value });
  });
  box.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.shiftKey || touch || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });
  box.addEventListener("input", () => { grow(); if (!waiting) keep(box.value ? { draft: box.value } : null); });

  document.addEventListener("htmx:after:request", event => {
    const ctx = event.detail.ctx, status = ctx.response.status, away = [502, 503, 504].includes(status);
    if (away && ctx.request.method === "GET") { event.preventDefault(); return setTimeout(again, 2000); }
    if (ctx.request.method !== "POST" || !waiting) return;
    if (away) { event.preventDefault(); return stuck(words.unsent); }
    const { text, key } = waiting, kept = status < 300 && ctx.text.includes(key);
    settled();
    if (kept) document.querySelector("[data-passing]")?.remove();
    if (!kept) { put(text); keep(text ? { draft: text } : null); if (status < 300) tell(words.unsent); }
  });
  document.addEventListener("htmx:error", event => {
    const ctx = event.detail.ctx;
    if (waiting && ctx?.request.method === "POST") stuck(navigator.onLine ? words.unsent : words.offline);
    else if (id("tail").dataset.pending !== undefined) setTimeout(again, 2000);
  });
  let end = true;
  document.addEventListener("htmx:before:swap", () => { end = atEnd(); });
  document.addEventListener("htmx:after:swap", () => { sync(); end ? toEnd() : pill.hidden = false; });

  const again = () => { if ("pending" in id("tail").dataset) htmx.trigger(id("tail"), "again"); };
  addEventListener("online", () => { tries = 0; post(); again(); });
  addEventListener("offline", () => { if (waiting) stuck(words.offline); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { post(); again(); } });
  addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  pill.addEventListener("click", toEnd);
  scroll.addEventListener("scroll", () => { if (atEnd()) pill.hidden = true; }, { passive: true });
  const view = window.visualViewport;  // Safari lays the keyboard over the page
  view?.addEventListener("resize", () => { const end = atEnd(); document.documentElement.style.setProperty("--screen", Math.round(view.height) + "px"); scrollTo(0, 0); if (end) toEnd(); });

  const old = kept();
  if (old?.draft && !box.value) put(old.draft);
  else if (old?.key && !document.querySelector(`[data-key="${CSS.escape(old.key)}"][data-speaker]`)) { if (old.text) { put(old.text); keep({ draft: old.text }); tell(words.restored); } else keep(null); }
  else if (old?.key) keep(null);
  sync();
  if (!touch) box.focus();
})();
