/** From what the assistant says to DOM nodes: paragraphs, lists, bold, links. Never HTML: a text stays a text. */

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);
const SOURCE = "Source :";
/** Bold, a named link, a bare address of the web, an e-mail address, a phone number written internationally. */
const INLINE =
  /\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>«»"]+)|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(\+\d[\d .-]{5,}\d)/gu;
/** What ends a sentence is no part of an address. */
const TRAILING = /[.,;:!?)\]]+$/u;
/** « Police (France) : 17 »: the number of a service ends its line. */
const SERVICE = /^(.+ : )(\d{2,5})$/u;

/**
 * The line that names an answer's source, or nothing when a text is no answer.
 * @param {string} text
 * @returns {string}
 */
export function sourceOf(text) {
  const last = text.trimEnd().split("\n").at(-1) ?? "";
  return last.startsWith(SOURCE) ? last : "";
}

/**
 * Return the nodes of a text.
 * @param {string} text
 * @param {string} newTab what screen readers say behind a link that opens elsewhere
 * @returns {DocumentFragment}
 */
export function render(text, newTab) {
  const nodes = document.createDocumentFragment();
  const source = sourceOf(text);
  const lines = text.trimEnd().split("\n");
  if (source) lines.pop();
  let list = null;
  for (const line of lines) {
    const item = /^[-*•] +(.*)$/u.exec(line);
    if (!item) list = null;
    if (item) {
      list ??= nodes.appendChild(document.createElement("ul"));
      list.append(element("li", item[1], newTab));
    } else if (line.trim()) {
      nodes.append(element("p", line, newTab));
    }
  }
  if (source) {
    const said = element("p", source, newTab);
    said.className = "source";
    nodes.append(said);
  }
  return nodes;
}

function element(name, line, newTab) {
  const made = document.createElement(name);
  made.dir = "auto"; // help in distress may be in Arabic
  const service = SERVICE.exec(line);
  if (service) made.append(...inline(service[1], newTab), link(service[2], `tel:${service[2]}`, newTab));
  else made.append(...inline(line, newTab));
  return made;
}

function* inline(line, newTab) {
  let end = 0;
  for (const found of line.matchAll(INLINE)) {
    const [whole, bold, label, target, url, email, phone] = found;
    const [said, rest] = url ? cut(url) : [whole, ""];
    yield line.slice(end, found.index);
    end = found.index + whole.length;
    if (bold) {
      const strong = document.createElement("strong");
      strong.textContent = bold;
      yield strong;
    } else if (label) yield link(label, target, newTab);
    else if (url) yield link(said, said, newTab);
    else if (email) yield link(email, `mailto:${email}`, newTab);
    else yield link(phone, `tel:${phone.replace(/[ .-]/gu, "")}`, newTab);
    yield rest;
  }
  yield line.slice(end);
}

function cut(url) {
  const trailing = TRAILING.exec(url)?.[0] ?? "";
  return [url.slice(0, url.length - trailing.length), trailing];
}

function link(label, target, newTab) {
  let url;
  try {
    url = new URL(target);
  } catch {
    return document.createTextNode(label);
  }
  if (!SAFE.has(url.protocol)) return document.createTextNode(label);
  const made = document.createElement("a");
  made.href = url.href;
  made.textContent = label;
  if (url.protocol.startsWith("http")) {
    made.target = "_blank";
    made.rel = "noopener noreferrer";
    const said = document.createElement("span");
    said.className = "hidden";
    said.textContent = newTab;
    made.append(said);
  }
  return made;
}
