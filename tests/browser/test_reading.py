"""Reading and using the chat: on a small screen, with a keyboard only, on paper, without JavaScript, copied away."""

from collections.abc import Iterator

import pytest
from conftest import Assistant, Chat, visit
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

QUESTION = "Quand l'OCAM a-t-elle été créée ?"
SOURCE = (
    "Source : « L'OIM lance une initiative visant à protéger les femmes migrantes en Amérique centrale », "
    "site en français de l'OIM"
)
CONTACT = "aamaya@iom.int"
#: A small phone; 1280 x 960 at 200 %; 1280 x 1024 at 400 %.
SCREENS = [
    ViewportSize(width=320, height=568),
    ViewportSize(width=640, height=480),
    ViewportSize(width=320, height=256),
]
#: What is wider than its place, in the page and inside the component.
TOO_WIDE = """() => {
  const all = [document.documentElement, ...document.querySelector("assistant-oim").shadowRoot.querySelectorAll("*")];
  const shown = all.filter((node) => node.checkVisibility() && getComputedStyle(node).display !== "inline");
  return shown.filter((node) => node.scrollWidth > node.clientWidth + 1 && !node.matches(".hidden, input"))
    .map((node) => `${node.tagName} ${node.className} ${node.scrollWidth} > ${node.clientWidth}`);
}"""
#: The element with the focus, also inside the component.
FOCUSED = """() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (node === document.body) return "BODY";
  return node.ariaLabel || node.textContent || node.placeholder || node.tagName;
}"""


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED)).strip()


def tab_to(page: Page, name: str, *, key: str = "Tab") -> None:
    """Press Tab until what has this name has the focus."""
    passed: list[str] = []
    while (here := focused(page)) != name:
        passed.append(here)
        assert len(passed) < 25, f"{name} is not reached, only {passed}"
        page.keyboard.press(key)


def controls(chat: Chat) -> list[Locator]:
    """What must be at hand whatever the screen is."""
    return [
        chat.input,
        *(chat.button(name) for name in ("Envoyer", "Fermer", "Quitter vite", "Effacer la conversation")),
        chat.dialog.get_by_role("link", name="Vie privée"),
    ]


def expect_on_top(control: Locator) -> None:
    """Nothing covers a control: a click in its middle is its own."""
    control.scroll_into_view_if_needed()
    control.click(trial=True)
    expect(control).to_be_in_viewport(ratio=0.99)


# Screens


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen['width']}x{screen['height']}")
def small(request: pytest.FixtureRequest, browser: Browser, assistant: Assistant) -> Iterator[Chat]:
    context = browser.new_context(locale="fr-FR", viewport=request.param, device_scale_factor=2, has_touch=True)
    context.set_default_timeout(15_000)
    yield visit(context, assistant.url)
    context.close()


def test_a_small_screen_needs_no_scrolling_sideways_and_has_every_control_at_hand(small: Chat) -> None:
    expect_on_top(small.launcher)
    assert small.page.evaluate(TOO_WIDE) == []
    small.open().ask("À qui écrire au Nicaragua ?")
    small.ask("création")
    assert small.page.evaluate(TOO_WIDE) == []
    for control in [*controls(small), *small.log.locator(".choices button").all()]:
        expect_on_top(control)


def test_on_a_small_screen_an_answer_can_be_read_to_its_end(small: Chat) -> None:
    small.open().ask(QUESTION)
    small.button("Non").click()
    small.button("C'est incomplet").click()
    expect_on_top(small.log.get_by_text("Merci, c'est noté."))
    expect_on_top(small.input)


def test_on_a_small_screen_a_failure_can_be_tried_again(small: Chat) -> None:
    small.open().page.route("**/messages", lambda route: route.abort(), times=1)
    small.input.fill("mot" * 100)
    small.input.press("Enter")
    expect(small.page.get_by_role("alert")).to_be_visible()
    assert small.page.evaluate(TOO_WIDE) == []
    expect_on_top(small.button("Réessayer"))


def test_controls_are_large_enough_for_a_finger(small: Chat) -> None:
    small.open().ask(QUESTION)
    for control in [*small.dialog.get_by_role("button").all(), small.input]:
        box = control.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.5, control


# A page that is written from right to left


def test_a_page_from_right_to_left_keeps_the_chat_readable(chat: Chat) -> None:
    chat.page.evaluate("document.documentElement.dir = 'rtl'")
    chat.open().ask("création")
    assert chat.page.evaluate(TOO_WIDE) == []
    for control in [*controls(chat), *chat.log.locator(".choices button").all()]:
        expect_on_top(control)
    send, line = chat.button("Envoyer").bounding_box(), chat.input.bounding_box()
    assert send and line
    assert line["x"] < send["x"]
    assert chat.answers.last.evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert "1990" in chat.ask(QUESTION)


def test_a_question_in_arabic_is_shown_from_right_to_left(chat: Chat) -> None:
    chat.open().ask("ما هي المنظمة الدولية للهجرة؟")
    said = chat.log.locator(".visitor p")
    assert said.evaluate("node => getComputedStyle(node).direction") == "rtl"


# A keyboard only


def test_a_keyboard_reaches_everything_from_the_top_of_the_page_and_back(chat: Chat) -> None:
    page = chat.page
    tab_to(page, "Poser une question à l'assistant")
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    page.keyboard.type("création")
    page.keyboard.press("Enter")
    choice = chat.log.locator(".choices button").first
    choice.wait_for()
    title = choice.inner_text()
    tab_to(page, title, key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.answers.last.locator(".source")).to_be_visible()
    expect(chat.input).to_be_focused()  # the choice went away, the focus did not
    tab_to(page, "Non", key="Shift+Tab")
    page.keyboard.press("Space")
    expect(chat.button("C'est faux")).to_be_focused()
    tab_to(page, "Ce n'est pas clair")
    page.keyboard.press("Enter")
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    expect(chat.input).to_be_focused()
    page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_a_keyboard_is_not_caught_in_the_open_chat(chat: Chat) -> None:
    chat.open()
    chat.page.keyboard.press("Tab")
    tab_to(chat.page, "BODY")


def test_a_keyboard_scrolls_the_conversation(chat: Chat) -> None:
    chat.page.set_viewport_size({"width": 640, "height": 480})
    chat.open()
    chat.ask(QUESTION)
    chat.ask("Que veut dire le sigle OIM ?")
    bottom = chat.log.evaluate("log => log.scrollTop")
    assert bottom > 0, "the newest answer is in view"
    tab_to(chat.page, "Conversation avec l'assistant", key="Shift+Tab")
    chat.page.keyboard.press("Home")
    expect(chat.log.get_by_text("Quelle est votre question ?")).to_be_in_viewport()


def test_the_focus_is_seen_wherever_it_is(chat: Chat) -> None:
    chat.open().ask(QUESTION)
    seen: set[str] = set()
    chat.page.keyboard.press("Tab")
    while (here := focused(chat.page)) not in seen and here != "BODY":
        seen.add(here)
        outline = chat.page.evaluate(
            """() => {
                let node = document.activeElement;
                while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
                const { outlineStyle, outlineWidth } = getComputedStyle(node);
                return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            }"""
        )
        assert outline, here
        chat.page.keyboard.press("Shift+Tab")
    assert seen >= {
        "Envoyer",
        "Votre question",
        "Oui",
        "Non",
        "Conversation avec l'assistant",
        "Fermer",
        "Quitter vite",
    }


# Copying


@pytest.fixture
def copying(context: BrowserContext, chat: Chat) -> Chat:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.open().ask(QUESTION)
    return chat


def copied(page: Page) -> str:
    page.keyboard.press("Control+c")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_part_of_an_answer_is_copied_with_its_source(copying: Chat) -> None:
    copying.answers.last.get_by_text("1990").dblclick(position={"x": 10, "y": 10})  # a word
    text = copied(copying.page)
    word, _, source = text.partition("\n")
    assert word.strip()
    assert "1990." not in word
    assert source == SOURCE


def test_an_answer_that_is_copied_with_its_source_has_it_once(copying: Chat) -> None:
    first = copying.answers.last.get_by_text("1990").bounding_box()
    last = copying.answers.last.locator(".source").bounding_box()
    assert first and last
    mouse = copying.page.mouse
    mouse.move(first["x"] + 1, first["y"] + 5)
    mouse.down()
    mouse.move(last["x"] + last["width"] - 1, last["y"] + last["height"] - 3, steps=5)
    mouse.up()
    text = copied(copying.page)
    assert "1990" in text
    assert text.count("Source :") == 1


def test_what_a_visitor_wrote_is_copied_as_it_is(copying: Chat) -> None:
    copying.log.locator(".visitor p").click(click_count=3)
    assert copied(copying.page).strip() == QUESTION


def test_what_is_copied_from_the_page_around_is_left_alone(copying: Chat) -> None:
    copying.page.get_by_role("heading", level=1).click(click_count=3)
    assert copied(copying.page).strip() == "Assistant OIM : page d'essai"


# Paper


def test_paper_has_the_conversation_and_nothing_to_press(chat: Chat) -> None:
    chat.open().ask(QUESTION)
    chat.ask("directeur OIM")
    chat.page.emulate_media(media="print")
    expect(chat.log.get_by_text("L'OCAM a été créée en 1990.")).to_be_visible()
    expect(chat.log.get_by_text(SOURCE)).to_be_visible()
    expect(chat.log.locator(".visitor").first).to_be_visible()
    expect(chat.page.get_by_role("button")).to_have_count(0)
    expect(chat.page.get_by_role("textbox")).to_have_count(0)


def test_paper_has_no_button_beside_a_failure(chat: Chat) -> None:
    chat.open().page.route("**/messages", lambda route: route.abort())
    chat.input.fill(QUESTION)
    chat.input.press("Enter")
    expect(chat.button("Réessayer")).to_be_visible()
    chat.page.emulate_media(media="print")
    expect(chat.page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 400])
def test_paper_has_all_of_a_long_conversation(chat: Chat, width: int) -> None:
    chat.page.set_viewport_size({"width": width, "height": 480})
    chat.open()
    for question in (QUESTION, "Que veut dire le sigle OIM ?", "À qui écrire au Nicaragua ?"):
        chat.ask(question)
    chat.page.emulate_media(media="print")
    cut = chat.page.evaluate(
        """() => [...document.querySelector("assistant-oim").shadowRoot.querySelectorAll(".panel, .log")]
            .filter((node) => node.scrollHeight > node.clientHeight + 1).map((node) => node.className)"""
    )
    assert cut == []
    panel, text = chat.dialog.bounding_box(), chat.page.get_by_text("L'assistant répond aux questions").bounding_box()
    assert panel and text
    assert panel["y"] >= text["y"] + text["height"], "the conversation stands below the page's text, not over it"


def test_paper_has_no_button_of_a_closed_chat(chat: Chat) -> None:
    chat.page.emulate_media(media="print")
    expect(chat.page.get_by_role("button")).to_have_count(0)


# Without JavaScript


def test_without_javascript_the_page_says_whom_to_write_to(browser: Browser, assistant: Assistant) -> None:
    context = browser.new_context(locale="fr-FR", java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(assistant.url)
        expect(page.get_by_text("Pour poser une question, écrivez à")).to_be_visible()
        expect(page.get_by_text(CONTACT)).to_be_visible()
        expect(page.get_by_role("button")).to_have_count(0)
    finally:
        context.close()


def test_with_javascript_the_page_does_not_say_it_twice(chat: Chat) -> None:
    expect(chat.page.get_by_text("Pour poser une question, écrivez à")).to_be_hidden()


# What a visitor has set in the system


def test_forced_colours_and_reduced_motion_leave_everything_usable(chat: Chat) -> None:
    chat.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    edge = "node => getComputedStyle(node).borderTopStyle"
    assert chat.launcher.evaluate(edge) == "solid"
    chat.open().ask("création")
    for button in chat.dialog.get_by_role("button").all():
        assert button.evaluate(edge) == "solid", button
    chat.log.locator(".choices button").first.click()
    expect(chat.answers.last.locator(".source")).to_be_visible()
    for said in chat.log.locator(".said").all():
        assert said.evaluate(edge) == "solid"
    for control in controls(chat):
        expect_on_top(control)


def test_nothing_moves_by_itself(chat: Chat) -> None:
    moving = """() => [...document.querySelector("assistant-oim").shadowRoot.querySelectorAll("*")]
        .filter((node) => node.getAnimations().length || getComputedStyle(node).animationName !== "none").length"""
    chat.page.emulate_media(reduced_motion="reduce")
    chat.open().input.fill(QUESTION)
    chat.input.press("Enter")
    assert chat.page.evaluate(moving) == 0
    expect(chat.answers).to_contain_text("1990")
    assert chat.page.evaluate(moving) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_follows_the_colours_of_the_system(chat: Chat, scheme: str) -> None:
    chat.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    chat.open()
    ground = chat.dialog.evaluate("node => getComputedStyle(node).backgroundColor")
    assert ground == ("rgb(20, 24, 31)" if scheme == "dark" else "rgb(255, 255, 255)")


# Links in answers


def test_the_address_of_the_contact_can_be_written_to(chat: Chat) -> None:
    chat.open()
    assert CONTACT in chat.ask("À qui écrire ?")
    link = chat.answers.last.get_by_role("link", name=CONTACT, exact=True)
    expect(link).to_have_attribute("href", f"mailto:{CONTACT}")
    expect(link).to_have_text(CONTACT)
    assert link.get_attribute("target") is None, "a mail opens no empty tab"


def test_the_address_of_a_visitor_is_not_kept_but_shown_to_the_visitor_as_it_was_written(chat: Chat) -> None:
    chat.open()
    chat.ask("Mon adresse est zephirine@example.org, quand l'OCAM a-t-elle été créée ?")
    expect(chat.log.locator(".visitor")).to_contain_text("zephirine@example.org")
    expect(chat.answers.last).not_to_contain_text("zephirine")
    expect(chat.log.get_by_role("link")).to_have_count(0)
