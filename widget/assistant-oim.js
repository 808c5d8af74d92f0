/**
 * `<assistant-oim endpoint="…">`: a chat with the assistant. How to embed it: docs/widget.md.
 * Without JavaScript the browser shows what stands inside the element instead.
 */
import { Conversation } from "./conversation.js";
import { PRIVACY } from "./organisation.js";
import { render, sourceOf } from "./rendering.js";
import { STYLES } from "./styles.js";
import { TEXTS } from "./texts.js";

/** As the server's guard. */
const MAX_LENGTH = 500;
/** After so many milliseconds without an answer, the widget says that it is slow. */
const SLOW = 5_000;
const ESCAPES = 3;
const WITHIN = 1_500;

export class AssistantOim extends HTMLElement {
  static observedAttributes = ["heading", "privacy"];

  #conversation;
  #texts = TEXTS;
  #parts = {};
  #escapes = [];
  #slow;
  #said = "";

  /** Words of the site's own, instead of those of `texts.js`. */
  set texts(some) {
    this.#texts = { ...TEXTS, ...some, reasons: { ...TEXTS.reasons, ...some.reasons } };
    if (this.shadowRoot) this.#build();
  }

  get texts() {
    return this.#texts;
  }

  connectedCallback() {
    if (Object.hasOwn(this, "texts")) this.#upgrade();
    const endpoint = new URL(this.getAttribute("endpoint") ?? ".", document.baseURI).href.replace(/\/$/u, "");
    this.#conversation = new Conversation(endpoint);
    this.#conversation.addEventListener("change", () => this.#show());
    this.#conversation.addEventListener("message", ({ detail }) => this.#tell("assistant-message", detail));
    this.#conversation.addEventListener("failure", ({ detail }) => this.#failed(detail));
    this.#conversation.addEventListener("quit", () => this.close());
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = [STYLES];
    document.addEventListener("keydown", this.#onKey, true);
    this.#build();
    if (this.hasAttribute("open")) this.open();
    this.#tell("assistant-ready");
  }

  /** Take words that the site set before this module was there. */
  #upgrade() {
    const own = this.texts;
    delete this.texts;
    this.texts = own;
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#onKey, true);
    clearTimeout(this.#slow);
    this.#conversation.end();
  }

  attributeChangedCallback() {
    if (this.#parts.panel) this.#build();
  }

  /** Open the chat; the input gets the focus. */
  open() {
    const { panel, launcher, input } = this.#parts;
    panel.hidden = false;
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    this.#scroll();
    input.focus();
    this.#tell("assistant-open");
  }

  /** Close the chat; the button that opens it gets the focus back. */
  close() {
    const { panel, launcher } = this.#parts;
    const inside = this.shadowRoot.activeElement !== null;
    panel.hidden = true;
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    if (inside) launcher.focus();
    this.#tell("assistant-close");
  }

  /** Ask a question as if the visitor had typed it. */
  send(text) {
    return this.#conversation.send(String(text).slice(0, MAX_LENGTH));
  }

  /** Forget the conversation here, in all tabs and on the server, and say so. */
  async erase() {
    const { there, note = "" } = await this.#conversation.erase();
    this.#note(`${there ? this.#texts.erased : this.#texts.erasedHere} ${note}`.trim());
    this.#parts.input.focus();
    this.#tell("assistant-erase");
  }

  /** Forget the conversation and replace the page by the neutral address; « back » does not return to the chat. */
  quit() {
    this.#conversation.quit();
    document.documentElement.hidden = true;
    document.title = "";
    location.replace(this.getAttribute("neutral") ?? "about:blank");
  }

  #onKey = (event) => {
    if (event.key !== "Escape") return;
    const now = performance.now();
    this.#escapes = [...this.#escapes.filter((time) => now - time < WITHIN), now];
    if (this.#escapes.length >= ESCAPES) this.quit();
    else if (!this.#parts.panel.hidden && event.composedPath().includes(this)) this.close();
  };

  #build() {
    const texts = this.#texts;
    const open = this.#parts.panel && !this.#parts.panel.hidden;
    const launcher = button(texts.open, "launcher", () => this.open());
    launcher.setAttribute("aria-expanded", "false");
    launcher.setAttribute("aria-controls", "panel");
    const title = make("h2", { textContent: this.getAttribute("heading") ?? texts.title, id: "title" });
    const log = make("div", { className: "log", tabIndex: 0, role: "log", ariaLabel: texts.log });
    const status = make("p", { className: "status", role: "status" });
    const input = make("input", { id: "input", maxLength: MAX_LENGTH, autocomplete: "off", enterKeyHint: "send" });
    const label = make("label", { className: "hidden", htmlFor: "input", textContent: texts.label });
    const form = make("form", {}, label, input, make("button", { className: "send", textContent: texts.send }));
    const resume = button(texts.resume, "", () => this.#conversation.send(texts.resume, TEXTS.resume));
    input.placeholder = texts.label;
    input.name = "question";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    log.addEventListener("copy", (event) => this.#copy(event));
    const panel = make(
      "section",
      { className: "panel", id: "panel", role: "dialog", hidden: !open, lang: "fr" },
      make("header", {}, title, ...this.#privacy(), button(texts.quit, "quit", () => this.quit()), this.#closer()),
      log,
      status,
      form,
      make("div", { className: "foot" }, button(texts.erase, "", () => this.erase()), resume),
    );
    panel.setAttribute("aria-labelledby", "title");
    launcher.hidden = Boolean(open);
    this.#parts = { launcher, panel, log, status, form, input, resume };
    this.#said = "";
    this.shadowRoot.replaceChildren(launcher, panel);
    this.#show();
  }

  #privacy() {
    const address = this.getAttribute("privacy") ?? PRIVACY;
    if (!address) return [];
    const link = make("a", { href: address, target: "_blank", rel: "noopener", textContent: this.#texts.privacy });
    link.append(make("span", { className: "hidden", textContent: this.#texts.newTab }));
    return [link];
  }

  #closer() {
    return Object.assign(button("×", "close", () => this.close()), { ariaLabel: this.#texts.close });
  }

  async #submit() {
    const { input } = this.#parts;
    if (!input.value.trim() || this.#conversation.waiting) return;
    const asked = this.#conversation.send(input.value);
    input.value = "";
    await asked;
  }

  /** Show what is new. What stands there already stays, so that a screen reader reads only what was added. */
  #show() {
    const { log, status, form, resume } = this.#parts;
    const { entries, waiting, person } = this.#conversation;
    const shown = [...log.querySelectorAll(":scope > [data-key]")];
    const wanted = [
      { key: "welcome", made: () => this.#welcome() },
      ...entries.flatMap((entry, number) => this.#pieces(entry, number)),
    ];
    const keys = new Set(wanted.map(({ key }) => key));
    const focused = this.shadowRoot.activeElement;
    for (const node of shown) if (!keys.has(node.dataset.key)) node.remove();
    let before = null;
    for (const { key, made } of wanted) {
      let node = [...log.children].find((child) => child.dataset.key === key);
      if (!node) {
        node = made();
        node.dataset.key = key;
        if (before) before.after(node);
        else log.prepend(node);
      }
      before = node;
    }
    if (focused && focused !== this.shadowRoot.activeElement) this.#parts.input.focus(); // its button went away
    if (entries.length) log.querySelector(".erased")?.remove();
    form.querySelector(".send").disabled = waiting;
    clearTimeout(this.#slow);
    resume.hidden = !person;
    status.textContent = person ? this.#texts.withPerson : waiting ? this.#texts.writing : "";
    if (waiting && !person) this.#slow = setTimeout(() => (status.textContent = this.#texts.slow), SLOW);
    if (this.#said !== wanted.at(-1).key) this.#scroll();
    this.#said = wanted.at(-1).key;
  }

  #pieces(entry, number) {
    const pieces = [{ key: `${number} ${entry.id}`, made: () => this.#entry(entry) }];
    const last = number === this.#conversation.entries.length - 1;
    if (entry.buttons?.length && last) pieces.push({ key: `choices ${number}`, made: () => this.#choices(entry) });
    if (sourceOf(entry.text) && entry.who === "assistant") {
      pieces.push({ key: `rating ${number} ${entry.feedback ?? ""}`, made: () => this.#rating(entry, number) });
    }
    if (entry.failure) pieces.push({ key: `failure ${entry.id} ${entry.failure}`, made: () => this.#failure(entry) });
    return pieces;
  }

  #welcome() {
    return make("div", {}, this.#bubble("assistant", this.#texts.welcome), make("p", { className: "note", textContent: this.#texts.history }));
  }

  #entry(entry) {
    return this.#bubble(entry.who, entry.text);
  }

  #bubble(who, text) {
    const visitor = who === "visitor";
    const prefix = make("span", { className: "hidden", textContent: visitor ? this.#texts.you : this.#texts[who] });
    const bubble = make("div", { className: `said ${who}` }, prefix);
    bubble.append(visitor ? make("p", { textContent: text, dir: "auto" }) : render(text, this.#texts.newTab));
    return bubble;
  }

  #choices(entry) {
    const buttons = entry.buttons.map(({ title, payload }) =>
      button(title, "", () => this.#conversation.send(title, payload)),
    );
    return make("div", { className: "choices" }, ...buttons);
  }

  #rating(entry, number) {
    const texts = this.#texts;
    const rate = (verdict) => () => this.#conversation.rate(entry.id, verdict);
    const line = make("div", { className: "rating", role: "group", ariaLabel: texts.useful });
    if (entry.feedback) line.append(make("p", { textContent: texts.thanks }));
    else {
      const why = () => {
        const reasons = Object.entries(texts.reasons).map(([verdict, said]) => button(said, "", rate(verdict)));
        line.replaceChildren(make("p", { textContent: texts.why }), ...reasons);
        reasons[0].focus();
      };
      line.append(make("p", { textContent: texts.useful }), button(texts.yes, "", rate("yes")), button(texts.no, "", why));
    }
    return line;
  }

  #failure(entry) {
    const said = this.#texts[entry.failure] ?? entry.failure;
    const retry = button(this.#texts.retry, "", () => this.#conversation.retry(entry.id));
    return make("div", { className: "alert", role: "alert" }, make("p", { textContent: said }), retry);
  }

  #failed(entry) {
    this.#tell("assistant-error", { failure: entry.failure });
  }

  #note(text) {
    const { log } = this.#parts;
    log.querySelector(".erased")?.remove();
    log.append(make("p", { className: "note erased", textContent: text }));
    this.#scroll();
  }

  /** An answer that is copied in part takes its source with it. */
  #copy(event) {
    const selection = this.shadowRoot.getSelection?.() ?? getSelection();
    const chosen = selection?.toString() ?? "";
    const sources = [...this.#parts.log.querySelectorAll(".said")]
      .filter((bubble) =>
        // A selection may end at the very beginning of the next bubble: what counts is a line that it holds a part of.
        [...bubble.querySelectorAll("p, li")].some(
          (line) => selection?.containsNode(line, true) || line.contains(selection?.anchorNode),
        ),
      )
      .map((bubble) => bubble.querySelector(".source")?.textContent)
      .filter((source) => source && !chosen.includes(source));
    if (!chosen || !sources.length) return;
    event.clipboardData.setData("text/plain", [chosen, ...new Set(sources)].join("\n"));
    event.preventDefault();
  }

  #scroll() {
    const { log } = this.#parts;
    log.scrollTop = log.scrollHeight;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function make(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function button(label, className, pressed) {
  const made = make("button", { type: "button", textContent: label, className });
  made.addEventListener("click", pressed);
  return made;
}

customElements.define("assistant-oim", AssistantOim);
