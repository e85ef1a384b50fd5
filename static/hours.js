// The hours: lines are added and taken away at once; whoever gives hours for the first time gets the device's zone.
(() => {
  "use strict";

  const ENDS = ["first", "last"];
  const pairs = (group) => [...group.querySelectorAll("[data-pair]")];
  const inputs = (pair) => [...pair.querySelectorAll("input")];
  const number = (pair) => Number(inputs(pair)[0].name.split("_")[1]);
  const shown = (pair) => !("more" in pair.dataset);

  // The one that waits is shown, else there is one more of the last.
  function add(group) {
    const waiting = pairs(group).find((pair) => !shown(pair));
    const pair = waiting ?? another(group);
    delete pair.dataset.more;
    inputs(pair)[0].focus();
  }

  function another(group) {
    const last = pairs(group).at(-1), pair = last.cloneNode(true);
    const day = inputs(last)[0].name.split("_")[0];
    const next = Math.max(...pairs(group).map(number)) + 1, place = pairs(group).length;
    inputs(pair).forEach((input, end) => {
      input.value = "";
      input.name = `${day}_${next}_${ENDS[end]}`;
      input.id = `${day}_${place}_${ENDS[end]}`;
      pair.querySelectorAll("label")[end].htmlFor = input.id;
    });
    pair.querySelector("button").value = `remove:${day}_${next}`;
    last.after(pair);
    return pair;
  }

  // An empty line says nothing: the first one of a group stays to be filled.
  function remove(group, pair) {
    for (const input of inputs(pair)) input.value = "";
    if (pairs(group).filter(shown).length > 1) pair.dataset.more = "";
    group.querySelector("[data-add]").focus();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#hours fieldset button");
    if (!button) return;
    event.preventDefault();
    const group = button.closest("fieldset");
    if ("add" in button.dataset) add(group);
    else remove(group, button.closest("[data-pair]"));
  });

  const zone = document.getElementById("time_zone");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone.value || ![...zone.options].some((option) => option.value && option.value === here)) return;
  zone.value = here;
  window.addEventListener("load", () => zone.dispatchEvent(new Event("change", { bubbles: true })));
})();
