// The quick log: opened from every page by a key or a button, filled in with the least typing.
//
// The form comes from the server by htmx. Without JavaScript its link leads to the page /log/.

const DIALOG = "#quick-log";
const BODY = "#quick-log-body";
const SENT_KINDS = new Set(["note", "social"]);

// Where the kind is filled in, all is: Enter logs it, and the arrows choose another kind.
function firstField(root) {
  return (
    root.querySelector("[autofocus], .is-invalid, [name=kind]:checked") ??
    root.querySelector(".combo-input") ??
    root.querySelector("input:not([type=hidden]), select, textarea, button")
  );
}

async function open(href) {
  const dialog = document.querySelector(DIALOG);
  const body = document.querySelector(BODY);
  body.replaceChildren();
  await window.htmx.ajax("GET", href, { target: BODY, swap: "innerHTML" });
  if (!body.childElementCount) return;
  if (!dialog.open) dialog.showModal();
  firstField(body)?.focus();
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("a[data-quick-log]");
  const modified = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  // On the page /log/ itself the form is there already.
  if (!opener || modified || document.querySelector("main [data-log-form]")) return;
  event.preventDefault();
  open(opener.href);
});

function field(form, name) {
  return form.elements.namedItem(name);
}

function valueOf(form, name) {
  return field(form, name)?.value ?? "";
}

// A list of radio buttons and a select are set in the same way.
function choose(form, name, value) {
  const control = field(form, name);
  if (control) control.value = value;
}

function followKind(form) {
  const kind = form.querySelector("[name=kind]:checked, select[name=kind] option:checked");
  const minutes = field(form, "minutes");
  if (kind?.dataset.minutes && minutes && !minutes.dataset.own) minutes.value = kind.dataset.minutes;
  followOutcome(form);
}

// A card or a post asks for no answer, and whoever reached out to us was connected.
function followOutcome(form) {
  const inbound = valueOf(form, "direction") === "in";
  if (inbound) choose(form, "outcome", "connected");
  else if (!form.dataset.ownOutcome) {
    choose(form, "outcome", SENT_KINDS.has(valueOf(form, "kind")) ? "sent" : "connected");
  }
  for (const option of form.querySelectorAll("input[name=outcome], select[name=outcome] option")) {
    option.disabled = inbound && option.value !== "connected";
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("[data-log-form]");
  if (form && event.target.name === "minutes") event.target.dataset.own = "yes";
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-log-form]");
  if (!form) return;
  if (event.target.name === "outcome") form.dataset.ownOutcome = "yes";
  if (event.target.name === "kind") followKind(form);
  if (event.target.name === "direction") followOutcome(form);
});

function setBusy(form, busy) {
  for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = busy;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.("[data-log-form]")) setBusy(event.target, true);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-log-form]")) setBusy(event.target, false);
});

// What the server filled in, after an error say, is the person's own and is not written over.
function adopt(form) {
  const minutes = field(form, "minutes");
  const kind = form.querySelector("[name=kind]:checked, select[name=kind] option:checked");
  if (minutes?.value && minutes.value !== kind?.dataset.minutes) minutes.dataset.own = "yes";
  if (form.querySelector("[aria-invalid=true], .is-invalid, .errorlist")) form.dataset.ownOutcome = "yes";
  followKind(form);
}

// After the answer: to the error, to the first field, or to what was logged.
document.addEventListener("htmx:afterSettle", (event) => {
  const slot = event.target;
  if (!slot.matches?.(".quick-log-slot")) return;
  const form = slot.querySelector("[data-log-form]");
  if (form) adopt(form);
  const wrong = slot.querySelector("[role=combobox][aria-invalid=true], .is-invalid, [aria-invalid=true]");
  const next = form ? (wrong ?? firstField(slot)) : (slot.querySelector(".sheet-foot [data-close]") ?? slot.querySelector("a"));
  next?.focus();
});

document.querySelectorAll("[data-log-form]").forEach(adopt);
