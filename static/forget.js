// Nothing is left to send: forget the drafts that this browser kept.
(() => {
  try { Object.keys(localStorage).filter(key => key.startsWith("interviewer:")).forEach(key => localStorage.removeItem(key)); } catch { /* private mode */ }
})();
