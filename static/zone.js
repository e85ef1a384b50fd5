// The time zone that the device is set to: free times and a call are shown in it unless the buyer chose another, and a
// form is filled with it.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, shown = document.currentScript.dataset.shown;
  const field = document.querySelector("[data-unchosen]"), here = new URL(location);
  if (zone && field) {
    if (![...field.options].some(option => option.value === zone)) field.add(new Option(zone.split("/").pop().replaceAll("_", " "), zone));
    field.value = zone;
  }
  if (!zone || !shown || zone === shown || here.searchParams.has("zone")) return;
  here.searchParams.set("zone", zone);
  document.documentElement.hidden = true;  // else times of another place stand there for a moment, and then jump
  location.replace(here);
})();
