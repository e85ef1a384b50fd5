// After each turn on the phone, the reasons beside it are read anew; and the phone takes the theme that is chosen.
// Without this, a link shows the latest turn, and the phone's theme is the desk's.
(() => {
  "use strict";

  const phone = document.getElementById("phone");
  const themes = document.getElementById("themes");
  const look = () => htmx.trigger(document.getElementById("reasons"), "turn");

  // The buyer's pages ask the device for its theme. The answer is put into their style sheet's mouth.
  function dress() {
    const page = phone.contentDocument, theme = themes.querySelector(":checked").value;
    const own = matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light";
    for (const sheet of page.styleSheets)
      for (const rule of sheet.cssRules)
        if (rule.media && (rule.themed ||= rule.media.mediaText.includes("prefers-color-scheme")))
          rule.media.mediaText = (theme || own) === "dark" ? "all" : "not all";
    page.documentElement.style.colorScheme = theme || "";
  }

  // The page on the phone is our own: its chat says when a turn has come, any other page when it is there.
  function arrive() {
    if (!phone.contentDocument) return;
    dress();
    phone.contentDocument.addEventListener("htmx:after:swap", look);
  }

  themes.hidden = false;
  themes.addEventListener("change", dress);
  phone.addEventListener("load", () => { arrive(); look(); });
  arrive();
})();
