"""The chat can be used by everyone: axe-core finds nothing in any state; names, roles and focus are as expected."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Assistant, Chat, visit
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

KNOWN = "Quand l'OCAM a-t-elle été créée ?"
AMBIGUOUS = "directeur OIM"  # whatever was said before
#: The smallest side of what is pressed.
TARGET = 44
PHONE = {"width": 320, "height": 568}
#: The ways in which visitors have set up their machines.
SETTINGS: dict[str, dict[str, Any]] = {
    "desk": {},
    "phone of 320 px": {"viewport": PHONE, "has_touch": True},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "forced colours, dark": {"forced_colors": "active", "color_scheme": "dark"},
    "reduced motion": {"reduced_motion": "reduce"},
}
#: All that axe-core has for WCAG 2.2 up to AA and good practice; the size of targets is off unless it is asked for.
RULES: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
SMALL = f"""() => [...document.querySelector("assistant-oim").shadowRoot.querySelectorAll("button, input, header a")]
    .map((node) => ({{ said: node.ariaLabel ?? node.textContent, ...node.getBoundingClientRect().toJSON() }}))
    .filter(({{ width, height }}) => width && (width < {TARGET} || height < {TARGET}))
    .map(({{ said, width, height }}) => `${{said}}: ${{width}} x ${{height}}`)"""

#: The contrast of the input's placeholder with what is behind it, which axe-core does not look at (WCAG 1.4.3).
PLACEHOLDER = """(input) => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).map((value) => value / 255)
            .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [front, back] = [getComputedStyle(input, "::placeholder").color, getComputedStyle(input).backgroundColor];
    const [less, more] = [light(front), light(back)].sort((one, other) => one - other);
    return (more + 0.05) / (less + 0.05);
}"""

Visitor = Callable[[dict[str, Any]], Chat]


@pytest.fixture
def visitor(browser: Browser, assistant: Assistant) -> Iterator[Visitor]:
    """Opens the page as somebody with some settings; axe-core is a script that no strict policy would let in."""
    contexts: list[BrowserContext] = []

    def come(settings: dict[str, Any]) -> Chat:
        context = browser.new_context(locale="fr-FR", bypass_csp=True, **settings)
        context.set_default_timeout(15_000)
        contexts.append(context)
        return visit(context, assistant.url)

    yield come
    for context in contexts:
        context.close()


def findings(page: Page) -> list[str]:
    """Return what axe-core finds, and the targets that are too small."""
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in violations for node in one["nodes"]]
    small: list[str] = page.evaluate(SMALL)
    return found + small


class Held:
    """Messages that are held on their way until they are let go."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._holding = True
        page.route("**/messages", self._pass)

    def let_go(self) -> None:
        self._holding = False
        for route in self._held:
            route.continue_()

    def _pass(self, route: Route) -> None:
        if self._holding:
            self._held.append(route)
        else:
            route.continue_()


def fail_to_send(chat: Chat, text: str) -> None:
    """Ask something while the way to the server is cut."""
    chat.page.route("**/messages", lambda route: route.abort())
    chat.input.fill(text)
    chat.input.press("Enter")
    expect(chat.page.get_by_role("alert")).to_be_visible()
    chat.page.unroute("**/messages")


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_axe_finds_nothing_in_any_state(visitor: Visitor, settings: dict[str, Any]) -> None:
    chat = visitor(settings)
    page, found = chat.page, dict[str, list[str]]()

    found["closed"] = findings(page)
    chat.open()
    found["open"] = findings(page)
    held = Held(page)
    chat.input.fill(KNOWN)
    chat.input.press("Enter")
    expect(page.get_by_role("status")).to_have_text("L'assistant écrit…")
    found["waiting"] = findings(page)
    held.let_go()
    expect(chat.button("Oui")).to_be_visible()
    found["answer"] = findings(page)
    chat.button("Non").click()
    expect(chat.button("C'est faux")).to_be_visible()
    found["reasons"] = findings(page)
    chat.button("C'est faux").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    found["thanks"] = findings(page)
    chat.ask(AMBIGUOUS)
    expect(chat.log.locator(".choices button").first).to_be_visible()
    found["choices"] = findings(page)
    fail_to_send(chat, KNOWN)
    found["error"] = findings(page)
    chat.button("Réessayer").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(chat.button("Envoyer")).to_be_enabled()
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text("La conversation est effacée")
    found["erased"] = findings(page)

    assert {state: told for state, told in found.items() if told} == {}


def test_axe_finds_nothing_in_text_of_another_direction_and_links(visitor: Visitor) -> None:
    chat = visitor({})
    text = (
        "**Important** : [le site](https://www.iom.int/)\n- x@iom.int\n- +33 1 23 45 67 89\nهل أنت في خطر؟\nPolice : 17"
    )
    answer = {"messages": [{"text": text, "buttons": []}], "erased": False}
    chat.page.route("**/messages", lambda route: route.fulfill(json=answer))
    chat.open().ask(KNOWN)
    expect(chat.log.get_by_role("link")).to_have_count(4)
    expect(chat.log.get_by_role("link", name="le site (nouvel onglet)")).to_be_visible()
    assert findings(chat.page) == []


def test_the_launcher_is_a_button_that_says_what_it_opens(chat: Chat) -> None:
    assert chat.launcher.evaluate("one => one.localName") == "button"
    assert chat.launcher.get_attribute("aria-expanded") == "false"
    controlled = chat.launcher.evaluate(
        "one => one.getRootNode().getElementById(one.getAttribute('aria-controls')).role"
    )
    assert controlled == "dialog"
    expect(chat.dialog).to_be_hidden()


def test_the_dialog_is_named_by_its_heading(chat: Chat) -> None:
    chat.open()
    expect(chat.dialog).to_be_visible()
    expect(chat.dialog.get_by_role("heading", name="Assistant automatique")).to_be_visible()
    assert chat.dialog.get_attribute("aria-modal") is None  # the page beside it can still be used


def test_the_input_has_the_focus_on_opening_and_the_launcher_after_escape(chat: Chat) -> None:
    chat.launcher.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    assert chat.launcher.get_attribute("aria-expanded") == "false"


def test_the_close_button_is_named_and_gives_the_focus_back(chat: Chat) -> None:
    chat.open().button("Fermer").click()
    expect(chat.launcher).to_be_focused()


def test_the_log_is_named_and_can_be_scrolled_with_the_keyboard(chat: Chat) -> None:
    chat.open()
    expect(chat.page.get_by_role("log", name="Conversation avec l'assistant")).to_be_visible()
    chat.log.focus()
    expect(chat.log).to_be_focused()


def test_the_status_announces_that_the_assistant_writes_and_says_nothing_otherwise(chat: Chat) -> None:
    held = Held(chat.page)
    status = chat.open().page.get_by_role("status")
    expect(status).to_be_attached()  # a screen reader announces only what changes in a status that was there before
    expect(status).to_have_text("")
    chat.input.fill(KNOWN)
    chat.input.press("Enter")
    expect(status).to_have_text("L'assistant écrit…")
    held.let_go()
    expect(chat.answers).to_have_count(1)
    expect(status).to_have_text("")


def test_an_error_is_an_alert_with_a_way_on(chat: Chat) -> None:
    fail_to_send(chat.open(), KNOWN)
    alert = chat.page.get_by_role("alert")
    expect(alert).to_contain_text("Votre message est gardé")
    alert.get_by_role("button", name="Réessayer").click()
    expect(chat.answers).to_have_count(1)
    expect(alert).to_have_count(0)


def test_a_screen_reader_hears_who_speaks_though_nobody_sees_it(chat: Chat) -> None:
    chat.open().ask(KNOWN)
    heard = chat.log.aria_snapshot()
    assert "Vous :" in heard
    assert heard.count("Assistant :") == 2  # the greeting and the answer
    for prefix in chat.log.locator(".said > .hidden").all():
        box = prefix.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (1, 1)


def test_the_focus_stays_in_the_chat_when_a_pressed_button_goes_away(chat: Chat) -> None:
    chat.open().ask(AMBIGUOUS)
    choice = chat.log.locator(".choices button").first
    choice.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    expect(chat.button("Non").last).to_be_visible()
    chat.button("Non").last.focus()
    chat.page.keyboard.press("Enter")
    expect(chat.button("C'est faux")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()


def test_a_question_of_ratings_is_a_group_with_its_name(chat: Chat) -> None:
    chat.open().ask(KNOWN)
    group = chat.log.get_by_role("group", name="Cette réponse vous a-t-elle été utile ?")
    expect(group.get_by_role("button")).to_have_text(["Oui", "Non"])


def test_nothing_moves_for_whoever_wants_no_motion(visitor: Visitor) -> None:
    chat = visitor({"reduced_motion": "reduce"})
    held = Held(chat.page)
    chat.open().input.fill(KNOWN)
    chat.input.press("Enter")
    expect(chat.page.get_by_role("status")).to_have_text("L'assistant écrit…")
    assert chat.page.evaluate("document.getAnimations().length") == 0
    held.let_go()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_placeholder_can_be_read(visitor: Visitor, scheme: str) -> None:
    assert visitor({"color_scheme": scheme}).open().input.evaluate(PLACEHOLDER) >= 4.5
