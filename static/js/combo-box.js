// <combo-box name="partners" src="/options/" multiple>: type to find, choose one or several.
//
// It stands around a plain <select>, which works by itself where there is no JavaScript. The pattern is
// WAI-ARIA's editable combobox with a listbox: the focus stays in the text field.

const PAUSE = 180; // milliseconds
const CHIP = `<button type="button" class="combo-chip"><span></span><span class="combo-x" aria-hidden="true">×</span></button>`;
let count = 0;

class ComboBox extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    // htmx moves elements about; what has been built stays.
    if (this.box || !this.select) return;
    this.multiple = this.select.multiple;
    this.uid = `combo-${++count}`;
    this.build();
    this.listen();
    this.showChips();
  }

  build() {
    this.insertAdjacentHTML(
      "beforeend",
      `<div class="combo"><input class="combo-input" type="text" role="combobox" aria-autocomplete="list"
        aria-expanded="false" autocomplete="off" autocapitalize="off" spellcheck="false"></div>
      <ul class="combo-list" role="listbox" hidden></ul>
      <div class="visually-hidden" role="status"></div>`,
    );
    [this.box, this.list, this.status] = [...this.children].slice(-3);
    this.input = this.box.querySelector("input");
    this.list.id = `${this.uid}-list`;
    this.list.setAttribute("aria-label", this.getAttribute("label") ?? "Choices");
    this.input.id = `${this.uid}-input`;
    this.input.setAttribute("aria-controls", this.list.id);
    this.takeOver();
  }

  // The select keeps the value that is sent; the text field takes its label, its errors and its focus.
  takeOver() {
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (this.select.hasAttribute(name)) this.input.setAttribute(name, this.select.getAttribute(name));
    }
    for (const label of [...this.select.labels]) label.htmlFor = this.input.id;
    if (!this.input.labels.length) this.input.setAttribute("aria-label", this.getAttribute("label") ?? "");
    this.wasRequired = this.select.required;
    this.select.required = false;
    this.select.hidden = true;
    // Only what is chosen stays in it; the server is asked for the rest.
    // Chosen first and then removed: a single select takes the next option for one that is removed.
    const chosen = [...this.select.options].filter((option) => option.selected && option.value);
    this.select.replaceChildren(...chosen);
  }

  listen() {
    this.input.addEventListener("input", () => (this.input.value || !this.chosen.length ? this.ask() : this.close()));
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.box.addEventListener("click", (event) => {
      const chip = event.target.closest(".combo-chip");
      if (chip) this.remove(chip.dataset.value);
      else this.input.focus();
    });
  }

  get chosen() { return [...this.select.selectedOptions].filter((option) => option.value); }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  ask(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetchOptions(), pause);
  }

  async fetchOptions() {
    this.request?.abort();
    this.request = new AbortController();
    const address = new URL(this.getAttribute("src"), window.location.href);
    address.searchParams.set("q", this.input.value.trim());
    try {
      const answer = await fetch(address, { signal: this.request.signal });
      if (answer.redirected || !answer.ok) throw new Error(`options: ${answer.status}`);
      this.show(await answer.text());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.list.replaceChildren();
      this.say("The list could not be loaded. Check your connection.");
    }
  }

  show(html) {
    if (document.activeElement !== this.input) return;
    this.list.innerHTML = html;
    const taken = new Set(this.chosen.map((option) => option.value));
    for (const option of this.options) if (taken.has(option.dataset.value)) option.remove();
    this.options.forEach((option, at) => (option.id = `${this.uid}-${at}`));
    const found = this.options.length;
    this.say(["Nobody found", "1 result"][found] ?? `${found} results`);
    // What was typed is meant: Enter takes the first.
    this.activate(this.input.value.trim() ? this.options[0] : null);
  }

  // Heard always, and seen where there is nothing to choose from.
  say(text) {
    const none = this.options.length === 0;
    this.status.textContent = text;
    this.status.className = none ? "combo-list combo-none" : "visually-hidden";
    this.open(!none);
  }

  open(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.status.className = "visually-hidden";
    this.open(false);
    this.activate(null);
  }

  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  step(by) {
    const options = this.options;
    if (this.list.hidden || !options.length) return this.ask(0);
    const at = options.indexOf(this.active);
    const start = at < 0 && by < 0 ? 0 : at;
    this.activate(options[(start + by + options.length) % options.length]);
  }

  onKey(event) {
    const open = !this.list.hidden;
    const acts = {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      Home: open && this.active && (() => this.activate(this.options[0])),
      End: open && this.active && (() => this.activate(this.options.at(-1))),
      // A name that is half typed is not sent with the form.
      Enter: (open || this.input.value) && (() => this.active && this.choose(this.active)),
      Escape: (open || this.status.matches(".combo-none")) && (() => this.close()),
      Backspace: !this.input.value && this.chosen.length && (() => this.remove(this.chosen.at(-1).value)),
    };
    if (event.isComposing || !acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  choose(item) {
    if (!this.multiple) this.select.replaceChildren();
    const label = item.dataset.label ?? item.textContent.trim();
    this.select.append(new Option(label, item.dataset.value, true, true));
    this.input.value = "";
    this.close();
    this.changed(`${label} added`);
  }

  remove(value) {
    const option = this.chosen.find((one) => one.value === value);
    option?.remove();
    this.changed(`${option?.text ?? ""} removed`);
  }

  changed(words) {
    this.showChips();
    this.status.textContent = words;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.input.focus();
  }

  showChips() {
    for (const chip of this.box.querySelectorAll(".combo-chip")) chip.remove();
    for (const option of this.chosen) {
      this.input.insertAdjacentHTML("beforebegin", CHIP);
      const chip = this.input.previousElementSibling;
      chip.dataset.value = option.value;
      chip.firstElementChild.textContent = option.text;
      chip.setAttribute("aria-label", `Remove ${option.text}`);
    }
    const full = this.chosen.length > 0;
    const more = this.multiple ? "Add another" : "";
    this.input.required = this.wasRequired && !full;
    this.input.placeholder = full ? more : (this.getAttribute("placeholder") ?? "");
  }
}

customElements.define("combo-box", ComboBox);
