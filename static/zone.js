// Fill in the time zone that the device is set to; the buyer can change it.
(() => {
  const zone = document.getElementById("time_zone");
  if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
})();
