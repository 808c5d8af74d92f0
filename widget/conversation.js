/** One conversation with the assistant: what was said, kept for the session and for all tabs, and the way to the server. */

const STORED = "assistant-oim";
/** The server itself gives up before that, in milliseconds. */
const PATIENCE = 20_000;

/**
 * @typedef {{title: string, payload: string}} Button
 * @typedef {{id: string, who: "visitor" | "assistant", text: string, buttons: Button[], payload?: string,
 *   failure?: "offline" | "timeout" | "failed" | string, waiting?: boolean, feedback?: string}} Entry
 */

/** Fires `change` when what is to be shown changes, `message` for each answer, `failure`, `quit` from another tab. */
export class Conversation extends EventTarget {
  #token = null;
  /** @type {Entry[]} */
  entries = [];
  #endpoint;
  #channel;
  #pending = new Set();

  /** @param {string} endpoint the address of the channel, without a slash at its end */
  constructor(endpoint) {
    super();
    this.#endpoint = endpoint;
    this.#restore(read());
    if ("BroadcastChannel" in globalThis) {
      this.#channel = new BroadcastChannel(`${STORED} ${endpoint}`);
      this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
      if (!this.#token) this.#channel.postMessage({ kind: "hello" });
    }
    this.retryWhenBack = () => this.#retryOffline();
    addEventListener("online", this.retryWhenBack);
  }

  /** Stop listening: the widget is gone. */
  end() {
    removeEventListener("online", this.retryWhenBack);
    this.#channel?.close();
  }

  /** Whether an answer is awaited. */
  get waiting() {
    return this.entries.some((entry) => entry.waiting);
  }

  /**
   * Send a question, or a button's payload under the title that is shown.
   * @param {string} text
   * @param {string} [payload]
   */
  async send(text, payload) {
    const said = text.trim();
    if (!said || this.waiting) return;
    for (const entry of this.entries) entry.buttons = [];
    const entry = { id: crypto.randomUUID?.() ?? unguessable(), who: "visitor", text: said, payload, buttons: [] };
    this.entries.push(entry);
    await this.#deliver(entry);
  }

  /** Send again what did not arrive; the server answers the same message once. */
  async retry(id) {
    const entry = this.entries.find((one) => one.id === id && one.failure && !one.waiting);
    if (entry && !this.waiting) await this.#deliver(entry);
  }

  /**
   * Say whether an answer was useful.
   * @param {string} id of the question that was answered
   * @param {"yes" | "wrong" | "incomplete" | "other" | "unclear"} verdict
   */
  async rate(id, verdict) {
    for (const entry of this.entries) if (entry.id === id) entry.feedback = verdict;
    this.#changed();
    try {
      await this.#post("feedback", { conversation: this.#token, id, verdict });
    } catch {
      for (const entry of this.entries) if (entry.id === id) delete entry.feedback;
      this.#changed();
    }
  }

  /**
   * Forget everything here and in every tab, and have the server erase it.
   * @returns {Promise<boolean>} whether the server did
   */
  async erase() {
    const token = this.#token;
    this.#forget();
    this.#channel?.postMessage({ kind: "erased" });
    return token ? this.#eraseThere(token) : true;
  }

  /** Erase without waiting: the page is about to go. */
  quit() {
    const token = this.#token;
    this.#forget();
    this.#channel?.postMessage({ kind: "quit" });
    if (token) void this.#eraseThere(token);
  }

  async #eraseThere(token) {
    try {
      // A plain text needs no question to the server before it: it still leaves when the page goes.
      const answer = await fetch(`${this.#endpoint}/erasures`, {
        method: "POST",
        body: JSON.stringify({ conversation: token }),
        keepalive: true,
        signal: AbortSignal.timeout(PATIENCE),
      });
      return answer.ok;
    } catch {
      return false;
    }
  }

  async #deliver(entry) {
    entry.waiting = true;
    delete entry.failure;
    this.#changed();
    try {
      const { messages, erased } = await this.#ask(entry);
      if (!this.entries.includes(entry)) return; // erased meanwhile
      entry.waiting = false;
      if (erased) this.#forget();
      for (const { text, buttons } of messages) {
        const answer = { id: entry.id, who: "assistant", text, buttons: buttons ?? [] };
        this.entries.push(answer);
        this.dispatchEvent(new CustomEvent("message", { detail: answer }));
      }
      if (erased) this.#channel?.postMessage({ kind: "erased" });
    } catch (error) {
      if (!this.entries.includes(entry)) return;
      entry.waiting = false;
      entry.failure = failureOf(error);
      this.dispatchEvent(new CustomEvent("failure", { detail: entry }));
    }
    this.#changed();
  }

  async #ask(entry) {
    const body = { id: entry.id, text: entry.payload ?? entry.text };
    for (const renewed of [false, true]) {
      this.#token ??= (await this.#post("conversations", {})).conversation;
      try {
        return await this.#post("messages", { ...body, conversation: this.#token });
      } catch (error) {
        if (error.status !== 403 || renewed) throw error;
        this.#token = null; // the server no longer knows it: ask for another one, once
      }
    }
  }

  async #post(path, body) {
    const answer = await fetch(`${this.#endpoint}/${path}`, {
      method: "POST",
      // As text/plain, so that a browser asks no permission first: one way to the server less on a slow network.
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = answer.status === 204 ? {} : await answer.json();
    if (!answer.ok) throw Object.assign(new Error(said.erreur), { status: answer.status });
    return said;
  }

  #retryOffline() {
    const waiting = this.entries.find((entry) => entry.failure === "offline");
    if (waiting) void this.retry(waiting.id);
  }

  #hear({ kind, state }) {
    if (kind === "hello" && this.#token) this.#channel.postMessage({ kind: "state", state: this.#state() });
    else if (kind === "state") {
      if (this.waiting) return;
      this.#restore(state);
      write(state);
      this.dispatchEvent(new Event("change"));
    } else if (kind === "erased" || kind === "quit") {
      this.#forget();
      this.dispatchEvent(new Event(kind === "quit" ? "quit" : "change"));
    }
  }

  #state() {
    return { token: this.#token, entries: this.entries.map(({ waiting, ...kept }) => waiting ? { ...kept, failure: "timeout" } : kept) };
  }

  #restore(state) {
    if (!state) return;
    this.#token = state.token;
    this.entries = state.entries;
  }

  #forget() {
    this.#token = null;
    this.entries = [];
    write(null);
    this.dispatchEvent(new Event("change"));
  }

  #changed() {
    const state = this.#state();
    write(state);
    if (!this.waiting) this.#channel?.postMessage({ kind: "state", state });
    this.dispatchEvent(new Event("change"));
  }
}

function failureOf(error) {
  if (error.status) return error.message || "failed"; // the server says why, in French
  if (error.name === "TimeoutError") return "timeout";
  return navigator.onLine ? "failed" : "offline";
}

/** `randomUUID` is there on secure pages only. */
function unguessable() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A browser may refuse to keep anything: the conversation then lasts as long as the page. */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED));
  } catch {
    return null;
  }
}

function write(state) {
  try {
    if (state) sessionStorage.setItem(STORED, JSON.stringify(state));
    else sessionStorage.removeItem(STORED);
  } catch {
    // as `read`
  }
}
