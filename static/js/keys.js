// Two keys, for hands that stay on the keyboard: "l" logs a contact, "/" goes to the search box.

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function log() {
  const link = document.querySelector(".page-actions a[data-quick-log]") ?? document.querySelector("a[data-quick-log]");
  link?.click();
  return Boolean(link);
}

function search() {
  const box = document.querySelector("[data-search]");
  box?.focus();
  box?.select();
  return Boolean(box);
}

const KEYS = { l: log, "/": search };

document.addEventListener("keydown", (event) => {
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  const modified = event.metaKey || event.ctrlKey || event.altKey || event.repeat;
  if (!act || modified || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (act()) event.preventDefault();
});
