// The time zone that the device is set to: free times are shown in it unless the buyer chose another, and a form is
// filled with it.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone, shown = document.currentScript.dataset.shown;
  const field = document.getElementById("time_zone"), here = new URL(location);
  if (zone && field && !field.value) field.value = zone;
  if (!zone || !shown || zone === shown || here.searchParams.has("zone")) return;
  here.searchParams.set("zone", zone);
  location.replace(here);
})();
