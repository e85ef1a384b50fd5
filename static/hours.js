// Whoever gives hours for the first time most likely means the zone that the device is set to.
(() => {
  const zone = document.getElementById("time_zone");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone.value || !here) return;
  if (![...zone.options].some((option) => option.value === here)) return;
  zone.value = here;
  window.addEventListener("load", () => zone.dispatchEvent(new Event("change", { bubbles: true })));
})();
