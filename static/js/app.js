// What every page does in the browser: dismissing messages, dialogs, filters, one submit only.

const FAILED = "That did not work. Check your connection, and try again.";

function say(text) {
  const box = document.getElementById("messages");
  if (!box) return;
  const message = document.createElement("div");
  message.className = "message error";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "message-close";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Dismiss");
  close.append(document.getElementById("icon-close").content.cloneNode(true));
  message.append(words, close);
  box.replaceChildren(message);
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  event.target.closest("[data-dismiss]")?.closest(".message").remove();
  event.target.closest("[data-close]")?.closest("dialog")?.close();
  // A click beside a sheet, on its backdrop, closes it, unless something was begun there.
  if (event.target instanceof HTMLDialogElement && !event.target.querySelector("form")) {
    event.target.close();
  }
});

// Filters that drop down close on Escape and on a click elsewhere.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("details.filters[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.filters[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// A second click does not send a form twice. The server would write it once; a person should not wonder.
document.addEventListener("submit", (event) => {
  // What answers with a file leaves the page as it is: one may ask for the next.
  const download = event.target.dataset.download !== undefined;
  if (event.defaultPrevented || event.target.method !== "post" || download) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
});

// On paper nobody can open a table that is folded away.
window.addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details.figure-table")) table.open = true;
});

// Back from the cache of the browser: the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) delete form.dataset.sent;
});

document.addEventListener("htmx:responseError", (event) => {
  say(event.detail.xhr.status === 404 ? "That is no longer there. Load the page again." : FAILED);
});
document.addEventListener("htmx:sendError", () => say(FAILED));
document.addEventListener("htmx:timeout", () => say(FAILED));
