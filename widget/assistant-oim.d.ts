/** The types of `<assistant-oim>`. How to embed it: docs/widget.md. */

export interface Button {
  title: string;
  /** What is sent when it is pressed; it is never shown. */
  payload: string;
}

export interface Answer {
  /** The id of the question that it answers; what a person says has one of its own. */
  id: string;
  /** A person of the organisation, to whom the conversation was handed over, or the assistant. */
  who: "assistant" | "person";
  /** Its last line names the source where it is an answer: « Source : … ». */
  text: string;
  buttons: Button[];
}

export interface Texts {
  title: string;
  open: string;
  close: string;
  log: string;
  welcome: string;
  history: string;
  label: string;
  send: string;
  you: string;
  assistant: string;
  person: string;
  withPerson: string;
  resume: string;
  writing: string;
  slow: string;
  privacy: string;
  quit: string;
  erase: string;
  erased: string;
  erasedHere: string;
  retry: string;
  offline: string;
  timeout: string;
  failed: string;
  newTab: string;
  useful: string;
  yes: string;
  no: string;
  why: string;
  reasons: { wrong: string; incomplete: string; other: string; unclear: string };
  thanks: string;
}

export class AssistantOim extends HTMLElement {
  /** The words that it shows; what is set replaces those of the same name. */
  get texts(): Texts;
  set texts(some: Partial<Omit<Texts, "reasons">> & { reasons?: Partial<Texts["reasons"]> });
  open(): void;
  close(): void;
  /** Ask a question as if the visitor had typed it; at most 500 characters count. */
  send(text: string): Promise<void>;
  /** Forget the conversation here, in all tabs and on the server, and say so. */
  erase(): Promise<void>;
  /** Forget the conversation and replace the page by the neutral address. */
  quit(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "assistant-oim": AssistantOim;
  }
  interface HTMLElementEventMap {
    "assistant-ready": CustomEvent<undefined>;
    "assistant-open": CustomEvent<undefined>;
    "assistant-close": CustomEvent<undefined>;
    "assistant-message": CustomEvent<Answer>;
    "assistant-error": CustomEvent<{ failure: string }>;
    "assistant-erase": CustomEvent<undefined>;
  }
}
