// What the keys open: retag or tag, merge, edit, release. Each is a dialog with a form that is posted as it is.
(() => {
  "use strict";

  const review = window.review;
  if (!review) return;
  const { find, here, complain } = review;
  Object.assign(review, { tag, merge, edit, release, submit });
  // What was selected when a dialog opened: a field in it takes the selection away.
  let words = null;

  function open(id, address, fill) {
    const dialog = document.getElementById(id), form = dialog.querySelector("form");
    form.reset();
    if (address) form.action = address;
    form.querySelector(".problem")?.toggleAttribute("hidden", true);
    document.getElementById("toasts").replaceChildren(); // what was told before stands over no dialog
    words = review.picked();
    (words ? words.said.closest(".turn") : find(review.current))?.classList.add("anchor");
    dialog.showModal();
    fill(form);
  }

  // However it is closed, one is where one was: on the same card, with the same words selected.
  function back() {
    document.querySelector(".anchor")?.classList.remove("anchor");
    const item = find(review.current), said = words && document.querySelector(`.said[data-turn="${words.turn}"]`);
    if (said) review.select(said, ...words.units);
    else if (item) review.go(item, { scroll: false });
    words = null;
  }

  for (const dialog of document.querySelectorAll("dialog.pop")) {
    dialog.addEventListener("close", back);
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      dialog.querySelector("form").requestSubmit();
    });
  }

  function plain(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.textContent.trim();
  }

  // What a form asks for: one act as a rule, of a release one for each team that reads more or less than before.
  function acts(form) {
    const path = new URL(form.action).pathname;
    if (form.closest("#release")) return teams(form);
    return [[path, new URLSearchParams(new FormData(form))]];
  }

  async function submit(form) {
    const dialog = form.closest("dialog"), problem = form.querySelector(".problem");
    const wanted = acts(form);
    if (!wanted.length) return dialog.close();
    await review.send(async () => {
      let done = 0;
      for (const [path, fields] of wanted) {
        const { status, text } = await review.ask(path, fields);
        if (status === 422) {
          if (done) await review.load();
          problem.textContent = plain(text);
          problem.hidden = false;
          return;
        }
        if (status !== 200) {
          dialog.close();
          if (status === 409) review.overtaken(text);
          else if (status) complain("It could not be saved. Load the page again and try once more.");
          return;
        }
        review.done(text);
        done += 1;
      }
      words = null;
      dialog.close();
      getSelection().removeAllRanges();
      await review.load();
    });
  }

  function tag() {
    const words = review.picked(), item = find(review.current);
    if (!words && !item?.dataset.theme) return complain("Choose a tag, or select the words to tag.");
    const [, ref] = review.current.split(":");
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
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      event.preventDefault(); // the theme is chosen: what it is about comes next
      themes.form.subject.select();
      themes.form.subject.focus();
    }
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
    const subject = find(review.current)?.dataset.subject;
    if (!subject) return complain("Choose a tag that says what it is about.");
    open("merge", "", (form) => {
      form.subject_from.value = form.subject_into.value = subject;
      form.subject_into.select();
      const known = [...document.querySelectorAll("#subjects option")].find((option) => option.value === subject);
      form.querySelector("[data-from]").textContent = `“${subject}”${known ? ` (${known.label})` : ""}`;
    });
  }

  function edit() {
    const item = find(review.current);
    if (!item || !review.SENTENCES.includes(item.dataset.kind))
      return complain(item?.dataset.kind ? "This one is read as fields: accept it, or turn it down." : "Choose a sentence first.");
    open("reword", `${here()}/statements/${review.current.split(":")[1]}/reword`, (form) => {
      form.querySelectorAll("[data-extra]").forEach((extra) => extra.remove());
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "version", value: item.dataset.version });
      field.dataset.extra = "";
      form.append(field);
      form.text.value = item.dataset.text;
      const chosen = item.dataset.quotes.split(" ");
      const boxes = [...form.querySelectorAll("[type=checkbox]")];
      for (const box of boxes) box.checked = chosen.includes(box.name.slice(6));
      // What it rests on stands first.
      for (const box of boxes.toReversed()) if (box.checked) form.querySelector(".rests legend").after(box.parentElement);
    });
  }

  function release() {
    const item = find(review.current);
    if (!item?.dataset.theme) return complain("Choose a tagged quote first.");
    const tags = [...review.work().querySelectorAll(`[data-theme][data-quotes="${item.dataset.quotes}"]`)];
    if (review.work().dataset.reviewed === undefined && !tags.some((tag) => tag.dataset.state === "confirmed"))
      return complain("Nobody has looked at this one yet: accept it first, with a.");
    open("release", "", (form) => {
      form.dataset.quote = item.dataset.quotes;
      form.querySelector("q").textContent = quoteText(item.dataset.quotes);
      for (const box of boxes(form)) box.checked = Boolean(reads(form, box.value));
      if (form.wording) form.wording.value = form.wording.defaultValue = reads(form, "sales")?.title ?? "";
      paraphrase(form);
    });
  }

  const boxes = (form) => [...form.querySelectorAll("[name=audience]")];
  const reads = (form, team) => document.querySelector(`#card${form.dataset.quote} [data-audience="${team}"]`);
  // Sales that reads a sentence already is released another where that was changed.
  const anew = (form, box) => box.value === "sales" && box.checked && form.wording.value.trim() !== form.wording.defaultValue;

  function teams(form) {
    const place = `${here()}/quotes/${form.dataset.quote}`;
    return boxes(form).filter((box) => box.checked !== Boolean(reads(form, box.value)) || anew(form, box)).map((box) => [
      `${place}/${box.checked ? "release" : "withdraw"}`,
      new URLSearchParams({ audience: box.value, wording: box.checked && box.value === "sales" ? form.wording.value : "" }),
    ]);
  }

  // Sales reads a sentence of our own, that is shown as long as it does.
  function paraphrase(form) {
    const wording = form.querySelector("[data-for=sales]");
    if (!wording) return;
    const needed = boxes(form).some((box) => box.value === "sales" && box.checked);
    wording.hidden = !needed;
    form.wording.required = needed;
  }
  document.getElementById("release").addEventListener("change", (event) => paraphrase(event.target.form));
})();
