// A list that comes anew after something was done: the focus stays at its place.
//
// Lists say so by data-keep-place. Where the line with the focus is gone, the next one takes it.

const LIST = "[data-keep-place]";
const STOPS = `${LIST} .due a[id], ${LIST} .due button[id], ${LIST} .ahead a[id], ${LIST} .ahead button[id]`;
let last = null;

function stops() {
  return [...document.querySelectorAll(STOPS)].map((stop) => stop.id);
}

document.addEventListener("focusin", (event) => {
  const line = event.target.closest?.(`${LIST} .due, ${LIST} .ahead`);
  if (line) last = { ids: stops(), id: line.querySelector("a[id], button[id]")?.id };
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches?.(LIST) || !last) return;
  // A dialog that is open keeps the focus; it comes back to the list when it closes.
  const dialog = document.querySelector("dialog[open]");
  if (dialog) dialog.addEventListener("close", () => takeFocus(event.target), { once: true });
  else if (document.activeElement === document.body) takeFocus(event.target);
});

function takeFocus() {
  const ids = last.ids.slice(Math.max(last.ids.indexOf(last.id), 0));
  const next = ids.map((id) => document.getElementById(id)).find(Boolean);
  (next ?? document.getElementById("main")).focus();
}

// What opened below a line closes again, and the focus goes back to the button that opened it.
function close(slot) {
  slot.replaceChildren();
  slot.parentElement.querySelector("[id^=later-]")?.focus();
}

document.addEventListener("click", (event) => {
  const slot = event.target.closest?.("[data-cancel]")?.closest(".act-slot");
  if (slot) close(slot);
});

document.addEventListener("keydown", (event) => {
  const slot = event.key === "Escape" && event.target.closest?.(".act-slot");
  if (slot) close(slot);
});
