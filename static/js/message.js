// Copies a message. Without JavaScript the button stays hidden, and one marks the text by hand.

function reveal() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

// The clipboard is there on https alone; elsewhere the text is marked, to be copied by the keyboard.
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return "Copied.";
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy") ? "Copied." : "Marked: press Ctrl+C or ⌘C to copy.";
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const said = await copy(document.getElementById(button.dataset.copy));
  button.parentElement.querySelector("[data-copied]").textContent = said;
});

document.addEventListener("htmx:afterSettle", reveal);
reveal();
