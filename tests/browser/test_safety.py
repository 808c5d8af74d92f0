"""Nothing that a visitor or a server says runs, and a visit asks nothing of anybody else."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Assistant, Chat, StartAssistant, visit, wait_until
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Route, expect

STRINGS: list[str] = [
    json.loads(line)
    for line in (Path(__file__).parent / "xss.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
#: What goes through the real server, which takes 20 messages a minute of one visitor.
SAMPLE = STRINGS[:: len(STRINGS) // 10]
KNOWN = "Quand l'OCAM a-t-elle été créée ?"
AMBIGUOUS = "directeur OIM"  # whatever was said before
STORED = "assistant-oim"
ALLOWED_ELEMENTS = {"P", "UL", "LI", "STRONG", "A", "SPAN", "BUTTON", "DIV"}
ALLOWED_PROTOCOLS = {"http:", "https:", "mailto:", "tel:"}
#: Every element of the component whose name, attributes and address are looked at.
INSPECT = """() => [...document.querySelector("assistant-oim").shadowRoot.querySelectorAll(".log *")].map((node) => ({
    name: node.nodeName, text: node.textContent, protocol: node.protocol ?? "", rel: node.rel ?? "",
    attributes: node.getAttributeNames(),
}))"""
#: What stands in the page beside the component's own parts, and should be as it was.
OTHERS = """() => ["script", "img", "iframe", "object", "embed", "base", "style", "assistant-oim"]
    .map((name) => document.querySelectorAll(name).length)"""


@dataclass
class Watch:
    """What happened in a page that should not have.

    Attributes:
        page: the page that is watched.
        hosts: the hosts that it asked anything of.
        told: dialogs, new windows, errors.
    """

    page: Page
    hosts: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    @property
    def violations(self) -> list[str]:
        violations: list[str] = self.page.evaluate("window.__violations")
        return violations

    @property
    def ran(self) -> bool:
        ran: bool = self.page.evaluate("'__ran' in window")
        return ran

    def expect_nothing(self, *, hosts: set[str]) -> None:
        assert not self.ran, "something ran"
        assert self.told == []
        assert self.violations == []
        assert self.hosts <= hosts


def watch(page: Page) -> Watch:
    """Watch a page before it is opened."""
    watched = Watch(page)

    def on_dialog(dialog: Dialog) -> None:
        watched.told.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watched.told.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith("data:"):
            watched.hosts.add(urlsplit(request.url).netloc)

    page.add_init_script(
        "window.__violations = []; addEventListener('securitypolicyviolation',"
        "(event) => window.__violations.push(`${event.violatedDirective} ${event.blockedURI}`))"
    )
    page.on("dialog", on_dialog)
    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: watched.told.append(f"error: {error}"))
    page.on("popup", lambda popup: watched.told.append(f"window: {popup.url}"))
    return watched


def opened(page: Page, url: str) -> Chat:
    page.goto(url)
    chat = Chat(page)
    chat.launcher.wait_for()
    return chat.open()


def host(assistant: Assistant) -> str:
    return f"127.0.0.1:{assistant.port}"


def expect_only_text(page: Page, before: object) -> None:
    """Expect the log to hold the few kinds of elements that texts are made of, with links that are safe."""
    assert page.evaluate(OTHERS) == before
    nodes = page.evaluate(INSPECT)
    assert len(nodes) > 0
    assert {node["name"] for node in nodes} <= ALLOWED_ELEMENTS
    attributes = {attribute for node in nodes for attribute in node["attributes"]}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc")}
    for link in (node for node in nodes if node["name"] == "A"):
        assert link["protocol"] in ALLOWED_PROTOCOLS, link
        if link["protocol"].startswith("http"):
            assert "noopener" in link["rel"].split(), link


def begun(page: Page, assistant: Assistant) -> str:
    """Return the token of a conversation that the server knows: none but these are shown again."""
    token: str = page.request.post(f"{assistant.url}conversations", data="{}").json()["conversation"]
    question = {"conversation": token, "id": "message-begun", "text": KNOWN}
    assert page.request.post(f"{assistant.url}messages", data=json.dumps(question)).ok
    return token


@pytest.fixture(params=[False, True], ids=["with the page's policy", "without any policy"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in which the strict policy holds, and one in which nothing but the component itself keeps texts texts."""
    context = browser.new_context(locale="fr-FR", bypass_csp=request.param)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_the_list_is_long_and_without_doubles() -> None:
    assert len(STRINGS) >= 60
    assert len(set(STRINGS)) == len(STRINGS)


def test_what_is_watched_for_is_seen(context: BrowserContext, assistant: Assistant) -> None:
    """Without this, the other tests might see nothing because they look at nothing."""
    page = context.new_page()
    watched = watch(page)
    page.goto(assistant.url)
    page.evaluate(
        """() => {
            window.__ran = 1;
            try { document.body.innerHTML = "<img src=x>"; } catch {}
            document.body.append(Object.assign(document.createElement("img"), { src: "//evil.example/x.png" }));
            console.error("told");
        }"""
    )
    wait_until(page, "window.__violations.length >= 2")
    assert watched.ran
    assert any("trusted-types" in violation for violation in watched.violations)
    assert any("img-src" in violation for violation in watched.violations)
    assert any("told" in told for told in watched.told)


def test_nothing_runs_in_a_conversation_that_is_restored(page: Page, assistant: Assistant) -> None:
    entries: list[dict[str, Any]] = []
    for number, text in enumerate(STRINGS):
        entries.append({"id": f"message-{number}", "who": "visitor", "text": text, "buttons": []})
        entries.append({"id": f"message-{number}", "who": "assistant", "text": text, "buttons": []})
    entries[-1]["buttons"] = [{"title": text, "payload": text} for text in STRINGS]
    state = json.dumps(json.dumps({"token": begun(page, assistant), "entries": entries}))
    watched = watch(page)
    page.add_init_script(f"sessionStorage.getItem('{STORED}') ?? sessionStorage.setItem('{STORED}', {state})")
    page.goto(assistant.url)
    before = page.evaluate(OTHERS)
    chat = Chat(page).open()

    expect(chat.log.locator(".said.visitor")).to_have_count(len(STRINGS))
    assert chat.log.locator(".said.visitor p").evaluate_all("all => all.map((one) => one.textContent)") == STRINGS
    assert chat.log.locator(".choices button").evaluate_all("all => all.map((one) => one.textContent)") == STRINGS
    expect_only_text(page, before)

    chat.button("<img src=x onerror=__ran=1>").click()  # its payload goes to the real server
    expect(chat.log.locator(".choices button", has_text="onerror")).to_have_count(0)
    expect(chat.button("Envoyer")).to_be_enabled()
    expect_only_text(page, before)
    watched.expect_nothing(hosts={host(assistant)})


@pytest.mark.parametrize("stored", ["5", "[]", '{"token": "x"}', '{"token": "x", "entries": [null]}'])
def test_what_is_stored_but_no_conversation_is_left_out(
    context: BrowserContext, assistant: Assistant, stored: str
) -> None:
    """It may be of another release, or of another script of the site."""
    page = context.new_page()
    watched = watch(page)
    value = json.dumps(stored)
    page.add_init_script(f"sessionStorage.getItem('{STORED}') ?? sessionStorage.setItem('{STORED}', {value})")
    chat = opened(page, assistant.url)
    chat.input.fill(KNOWN)
    chat.input.press("Enter")
    expect(chat.answers).to_have_count(1)
    expect(chat.answers).to_contain_text("1990")
    watched.expect_nothing(hosts={host(assistant)})


def test_nothing_runs_that_a_server_answers(page: Page, assistant: Assistant) -> None:
    watched = watch(page)
    said = [{"text": text, "buttons": [{"title": text, "payload": text}]} for text in STRINGS]
    page.route("**/messages", lambda route: route.fulfill(json={"messages": said, "erased": False}))
    chat = opened(page, assistant.url)
    before = page.evaluate(OTHERS)
    chat.ask(KNOWN)
    expect(chat.answers).to_have_count(len(STRINGS))
    expect_only_text(page, before)
    watched.expect_nothing(hosts={host(assistant)})


def test_nothing_runs_in_an_error_that_a_server_tells(page: Page, assistant: Assistant) -> None:
    watched = watch(page)
    left = list(SAMPLE)

    def refuse(route: Route) -> None:
        route.fulfill(status=500, json={"erreur": left.pop(0)})

    page.route("**/messages", refuse)
    chat = opened(page, assistant.url)
    before = page.evaluate(OTHERS)
    chat.input.fill(KNOWN)
    chat.input.press("Enter")
    for text in SAMPLE:
        alert = page.get_by_role("alert").locator("p")
        expect(alert).to_be_visible()
        assert alert.evaluate("one => one.textContent") == text
        expect_only_text(page, before)
        if left:
            with page.expect_response("**/messages"):
                chat.button("Réessayer").click()
            expect(chat.button("Envoyer")).to_be_enabled()
    watched.told = [told for told in watched.told if "500" not in told]
    watched.expect_nothing(hosts={host(assistant)})


def test_nothing_runs_that_a_visitor_writes(page: Page, assistant: Assistant) -> None:
    watched = watch(page)
    chat = opened(page, assistant.url)
    before = page.evaluate(OTHERS)
    for text in SAMPLE:
        assert chat.ask(text)
        expect_only_text(page, before)
    watched.expect_nothing(hosts={host(assistant)})


def test_a_whole_visit_keeps_the_strict_policy_and_asks_nothing_of_another_host(
    context: BrowserContext, assistant: Assistant
) -> None:
    page = context.new_page()
    watched = watch(page)
    policy = page.goto(assistant.url)
    assert policy is not None
    assert "default-src 'none'" in policy.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in policy.headers["content-security-policy"]
    assert "unsafe" not in policy.headers["content-security-policy"]
    chat = Chat(page).open()
    visit_wholly(chat)
    watched.expect_nothing(hosts={host(assistant)})


def visit_wholly(chat: Chat) -> None:
    """Ask, rate, choose, rate with a reason, erase."""
    assert "1990" in chat.ask(KNOWN)
    chat.button("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    chat.ask(AMBIGUOUS)
    before = chat.answers.count()
    chat.log.locator(".choices button").first.click()
    expect(chat.answers).to_have_count(before + 1)
    chat.button("Non").click()
    chat.button("Ce n'est pas clair").click()
    expect(chat.log.get_by_text("Merci, c'est noté.")).to_have_count(2)
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text("La conversation est effacée, ici et sur notre serveur.")
    expect(chat.answers).to_have_count(0)


@dataclass
class Site:
    """Another site, with a page that embeds the component in one line.

    Attributes:
        port: where it listens.
        assistant: the origin of the assistant that it embeds; set before the page is opened.
    """

    port: int
    assistant: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def policy(self) -> str:
        return (
            f"default-src 'none'; script-src {self.assistant}; connect-src {self.assistant}; img-src data:; "
            "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )

    @property
    def content(self) -> str:
        endpoint = f"{self.assistant}/webhooks/website"
        return f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un autre site</title>
<link rel="icon" href="data:,"><script type="module" src="{endpoint}/assistant-oim.js"></script></head>
<body><h1>Un autre site</h1><assistant-oim endpoint="{endpoint}"></assistant-oim></body></html>"""


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = site.content.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", site.policy)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing between the lines of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(server.server_port)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def test_another_site_embeds_the_component_in_one_line_under_a_strict_policy(
    context: BrowserContext, site: Site, start_assistant: StartAssistant
) -> None:
    assistant = start_assistant(ASSISTANT_ORIGINES=f"https://www.exemple.org, {site.origin}")
    site.assistant = f"http://{host(assistant)}"
    page = context.new_page()
    watched = watch(page)
    visit_wholly(opened(page, site.origin))
    watched.expect_nothing(hosts={host(assistant), urlsplit(site.origin).netloc})
    assert context.cookies() == []


def test_a_site_that_is_not_allowed_is_refused_and_its_visitor_told(
    context: BrowserContext, site: Site, assistant: Assistant
) -> None:
    site.assistant = f"http://{host(assistant)}"
    chat = visit(context, site.origin).open()
    chat.input.fill(KNOWN)
    with chat.page.expect_request("**/conversations") as asked:
        chat.input.press("Enter")
    expect(chat.page.get_by_role("alert")).to_contain_text("L'assistant ne répond pas")
    expect(chat.log.locator(".said.visitor")).to_contain_text(KNOWN)  # kept, to try again
    expect(chat.answers).to_have_count(0)
    # What a page may not read, the browser does not tell it: the same request outside of a page shows the status.
    refused = context.request.post(asked.value.url, headers={"Origin": site.origin}, data="{}")
    assert refused.status == 403
    assert "ASSISTANT_ORIGINES" in refused.json()["erreur"]
    assert "access-control-allow-origin" not in refused.headers


def test_a_frame_of_another_site_may_not_hold_the_page(context: BrowserContext, assistant: Assistant) -> None:
    answer = context.request.get(assistant.url)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
