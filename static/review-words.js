// Words selected in an answer, in code points of the turn's text; labels in between do not count.
(() => {
  "use strict";

  const review = window.review;
  if (!review) return;
  Object.assign(review, { picked, select, pick });

  function spoken(said, container = said, offset = said.childNodes.length) {
    const until = document.createRange();
    until.setStart(said, 0);
    until.setEnd(container, offset);
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[data-label]")) continue;
      if (node === container) return text + node.data.slice(0, offset);
      if (until.comparePoint(node, 0) > 0) break;
      text += node.data;
    }
    return text;
  }

  const saidAround = (node) => (node.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest(".said[data-turn]");

  function picked() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const said = saidAround(range.startContainer);
    if (!said) return null;
    const before = spoken(said, range.startContainer, range.startOffset);
    const inside = saidAround(range.endContainer) === said;
    const until = inside ? spoken(said, range.endContainer, range.endOffset) : spoken(said);
    const words = until.slice(before.length);
    if (!words.trim()) return null;
    const start = [...before].length;
    return { said, words, units: [before.length, until.length], turn: said.dataset.turn, start, end: start + [...words].length };
  }

  function select(said, from, to) {
    const walker = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    const ends = [];
    let at = 0;
    while (walker.nextNode() && ends.length < 2) {
      const node = walker.currentNode;
      if (node.parentElement.closest("[data-label]")) continue;
      if (!ends.length && from < at + node.length) ends.push([node, from - at]);
      if (ends.length && to <= at + node.length) ends.push([node, to - at]);
      at += node.length;
    }
    if (ends.length === 2) getSelection().setBaseAndExtent(...ends[0], ...ends[1]);
  }

  // A word, the next one, or more of them.
  function pick(by, more) {
    const words = picked();
    const mark = document.querySelector("mark.lit");
    const said = words?.said ?? document.activeElement?.closest(".turn")?.querySelector(".said[data-turn]")
      ?? (review.find(review.current) && mark?.closest(".said[data-turn]"));
    if (!said) return;
    const spots = [...spoken(said).matchAll(/\S+/gu)].map((hit) => [hit.index, hit.index + hit[0].length]);
    const begin = words ? words.units[0] : mark && said.contains(mark) ? spoken(said, mark, 0).length : 0;
    let first = Math.max(0, spots.findIndex(([, end]) => end > begin));
    let last = words ? spots.findLastIndex(([start]) => start < words.units[1]) : first;
    if (words && more) last = Math.min(spots.length - 1, Math.max(first, last + by));
    else if (words) first = last = Math.min(spots.length - 1, Math.max(0, (by > 0 ? last : first) + by));
    select(said, spots[first][0], spots[last][1]);
    if (!review.inSight(said)) said.scrollIntoView({ block: "center" });
  }
})();
