"use strict";
// Searches NOTES (search-data.js): every word must occur; titles first. Runs from disk, asks nobody.
function fold(text) { return text.normalize("NFKC").toLowerCase(); }

function find(notes, query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const hits = [];
  notes.forEach((note, order) => {
    const title = fold(note.title), text = fold(note.text);
    if (!words.every(word => title.includes(word) || text.includes(word))) return;
    const inTitle = words.filter(word => title.includes(word)).length;
    const at = Math.max(0, Math.min(...words.map(word => text.indexOf(word)).filter(place => place >= 0), text.length));
    const from = at === text.length ? 0 : Math.max(0, at - 30);
    const snippet = (from ? "…" : "") + note.text.slice(from, from + 100) + (from + 100 < note.text.length ? "…" : "");
    hits.push({ note, order, inTitle, snippet });
  });
  return hits.sort((a, b) => b.inTitle - a.inTitle || a.order - b.order).slice(0, 50);
}

function show(list, notes, base, query) {
  list.replaceChildren(...find(notes, query).map(hit => {
    const item = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
    link.href = base + hit.note.page;
    link.textContent = hit.note.title;
    small.textContent = hit.snippet;
    item.append(link, small);
    return item;
  }));
}

if (typeof document !== "undefined") {
  const field = document.getElementById("search"), list = document.getElementById("results");
  field.addEventListener("input", () => show(list, NOTES, document.body.dataset.base, field.value));
} else {
  module.exports = { find };
}
