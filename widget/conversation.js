/** One conversation with the assistant: what was said, kept for the session and for all tabs, and the way to the server. */

const STORED = "assistant-oim";
/** The server itself gives up before that, in milliseconds. */
const PATIENCE = 20_000;
/** The server, which waits itself, is asked again after that when a person has said nothing, in milliseconds. */
const PAUSE = 2_000;

/**
 * @typedef {{title: string, payload: string}} Button
 * @typedef {{id: string, who: "visitor" | "assistant" | "person", text: string, buttons: Button[], payload?: string, reply?: number,
 *   failure?: "offline" | "timeout" | "failed" | string, waiting?: boolean, feedback?: string}} Entry
 */

/** Fires `change` when what is to be shown changes, `message` for each answer, `failure`, `quit` from another tab. */
export class Conversation extends EventTarget {
  #token = null;
  /** @type {Entry[]} */
  entries = [];
  /** Whether a person answers instead of the assistant. */
  person = false;
  #listening = false;
  #endpoint;
  #channel;
  /** What the server has not erased yet although it was asked to. */
  #owed = new Set();
  /** Ends the requests of a conversation that is forgotten. */
  #gone = new AbortController();

  /** @param {string} endpoint the address of the channel, without a slash at its end */
  constructor(endpoint) {
    super();
    this.#endpoint = endpoint;
    const kept = read();
    if (kept?.token && kept.entries.some(({ who }) => who === "assistant")) void this.#returnTo(kept);
    else this.#restore(kept);
    if ("BroadcastChannel" in globalThis) {
      this.#channel = new BroadcastChannel(`${STORED} ${endpoint}`);
      this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
      if (!kept) this.#channel.postMessage({ kind: "hello" });
    }
    addEventListener("online", this.#whenBack);
  }

  /** Show a kept conversation again, unless it was erased from another tab while this page was away. */
  async #returnTo(kept) {
    let token = kept.token;
    const { signal } = this.#gone;
    try {
      token = (await this.#post("conversations", { conversation: kept.token })).conversation;
    } catch {
      // The server cannot say: what is here is shown.
    }
    if (this.entries.length || signal.aborted) return;
    if (token === kept.token) this.#restore(kept);
    else write(null);
    this.dispatchEvent(new Event("change"));
  }

  /** Stop listening: the widget is gone. */
  end() {
    removeEventListener("online", this.#whenBack);
    this.person = false;
    this.#gone.abort();
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
    try {
      await this.#post("feedback", { conversation: this.#token, id, verdict });
    } catch {
      return; // the buttons stay
    }
    for (const entry of this.entries) if (entry.id === id) entry.feedback = verdict;
    this.#changed();
  }

  /**
   * Forget everything here and in every tab, and have the server erase it.
   * @returns {Promise<{there: boolean, note?: string}>} whether the server did, and what it says of it
   */
  async erase() {
    this.#owe();
    this.#channel?.postMessage({ kind: "erased" });
    const paid = await this.#pay();
    return { there: paid.every(Boolean), note: paid.find((one) => one?.note)?.note };
  }

  /** Erase without waiting: the page is about to go. */
  quit() {
    this.#owe();
    this.#channel?.postMessage({ kind: "quit" });
    void this.#pay();
  }

  #owe() {
    if (this.#token) this.#owed.add(this.#token);
    this.#forget();
  }

  /** Have the server erase what it has not erased yet; return what it says, or nothing where it did not. */
  #pay() {
    return Promise.all([...this.#owed].map((token) => this.#eraseThere(token)));
  }

  async #eraseThere(token) {
    try {
      const answer = await fetch(`${this.#endpoint}/erasures`, {
        method: "POST",
        body: JSON.stringify({ conversation: token }),
        keepalive: true, // it still leaves when the page goes
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok) this.#owed.delete(token);
      return answer.ok && (await contentOf(answer));
    } catch {
      return null;
    }
  }

  async #deliver(entry) {
    entry.waiting = true;
    delete entry.failure;
    this.#changed();
    try {
      const { messages, erased, person } = await this.#ask(entry);
      if (!this.entries.includes(entry)) return; // erased meanwhile
      entry.waiting = false;
      this.person = Boolean(person);
      if (erased) this.#forget();
      for (const { text, buttons } of messages) {
        this.#add({ id: entry.id, who: "assistant", text, buttons: buttons ?? [] });
      }
      if (erased) this.#channel?.postMessage({ kind: "erased" });
    } catch (error) {
      if (!this.entries.includes(entry)) return;
      entry.waiting = false;
      entry.failure = failureOf(error);
      this.dispatchEvent(new CustomEvent("failure", { detail: entry }));
    }
    this.#changed();
    void this.#listen();
  }

  /** Fetch what a person says, as long as one has the conversation. */
  async #listen() {
    if (this.#listening) return;
    this.#listening = true;
    while (this.person) {
      try {
        if (await this.#hearPerson()) continue;
      } catch ({ status }) {
        if (status === 403) this.person = false; // erased from elsewhere
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    this.#listening = false;
  }

  /** Fetch it once; return whether there was something. */
  async #hearPerson() {
    const token = this.#token;
    const after = Math.max(0, ...this.entries.map(({ reply }) => reply ?? 0));
    const { messages, person } = await this.#post("replies", { conversation: token, after });
    if (token !== this.#token) return true; // another conversation since
    for (const { id, text, person } of messages) {
      if (this.entries.some(({ reply }) => reply === id)) continue; // another tab was quicker
      this.#add({ id: `reply-${id}`, reply: id, who: person ? "person" : "assistant", text, buttons: [] });
    }
    const news = messages.length || person !== this.person;
    this.person = person;
    if (news) this.#changed();
    return news;
  }

  #add(answer) {
    this.entries.push(answer);
    this.dispatchEvent(new CustomEvent("message", { detail: answer }));
  }

  async #ask(entry) {
    const body = { id: entry.id, text: entry.payload ?? entry.text };
    for (const renewed of [false, true]) {
      if (!this.#token) {
        const { conversation } = await this.#post("conversations", {});
        if (!this.entries.includes(entry)) throw new DOMException("", "AbortError"); // erased meanwhile
        this.#token = conversation;
      }
      try {
        return await this.#post("messages", { ...body, conversation: this.#token });
      } catch (error) {
        if (error.status !== 403 || renewed || !this.entries.includes(entry)) throw error;
        this.#token = null; // the server no longer knows it: ask for another one, once
      }
    }
  }

  async #post(path, body) {
    const answer = await fetch(`${this.#endpoint}/${path}`, {
      method: "POST",
      // As text/plain, so that a browser asks no permission first: one way to the server less on a slow network.
      body: JSON.stringify(body),
      signal: either(AbortSignal.timeout(PATIENCE), this.#gone.signal),
    });
    const content = await contentOf(answer);
    if (!answer.ok) throw Object.assign(new Error(content.erreur), { status: answer.status });
    return content;
  }

  #whenBack = async () => {
    void this.#pay();
    for (const { id } of this.entries.filter(({ failure }) => failure === "offline")) await this.retry(id);
  };

  #hear({ kind, state }) {
    if (kind === "hello" && this.#token) this.#channel.postMessage({ kind: "state", state: this.#state() });
    else if (kind === "state") {
      if (this.waiting || !isState(state)) return;
      this.#restore(state);
      write(state);
      this.dispatchEvent(new Event("change"));
    } else if (kind === "erased" || kind === "quit") {
      this.#forget();
      this.dispatchEvent(new Event(kind === "quit" ? "quit" : "change"));
    }
  }

  #state() {
    return { token: this.#token, person: this.person, entries: this.entries.map(({ waiting, ...kept }) => waiting ? { ...kept, failure: "timeout" } : kept) };
  }

  #restore(state) {
    if (!state) return;
    this.#token = state.token;
    this.entries = state.entries;
    this.person = state.person === true;
    void this.#listen();
  }

  #forget() {
    this.#gone.abort();
    this.#gone = new AbortController();
    this.#token = null;
    this.entries = [];
    this.person = false;
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

async function contentOf(answer) {
  return answer.status === 204 ? {} : answer.json();
}

function failureOf(error) {
  if (error.status) return error.message || "failed"; // the server says why, in French
  if (error.name === "TimeoutError") return "timeout";
  return navigator.onLine ? "failed" : "offline";
}

/** Older browsers cannot wait for two signals: there a forgotten conversation lets its last answer run out. */
function either(...signals) {
  return AbortSignal.any ? AbortSignal.any(signals) : signals[0];
}

/** `randomUUID` is there on secure pages only. */
function unguessable() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A browser may refuse to keep anything: the conversation then lasts as long as the page. */
function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED));
    return isState(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Whether something has the form of what `write` keeps: another version, or another script, may have written it. */
function isState(kept) {
  const isButton = (one) => typeof one?.title === "string" && typeof one.payload === "string";
  const isEntry = (one) =>
    [one?.id, one?.text].every((value) => typeof value === "string") &&
    ["visitor", "assistant", "person"].includes(one.who) &&
    Array.isArray(one.buttons) &&
    one.buttons.every(isButton);
  const isToken = kept?.token === null || typeof kept?.token === "string";
  return isToken && Array.isArray(kept.entries) && kept.entries.every(isEntry);
}

function write(state) {
  try {
    if (state) sessionStorage.setItem(STORED, JSON.stringify(state));
    else sessionStorage.removeItem(STORED);
  } catch {
    // as `read`
  }
}
