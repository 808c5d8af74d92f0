"""Leaving in a hurry, and erasing: what a person next to the visitor must not find."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import Assistant, Chat, StartAssistant, visit
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.waiting import eventually

QUESTION = "Quand l'OCAM a-t-elle été créée ?"
ERASED = "La conversation est effacée, ici et sur notre serveur."
ERASED_HERE = "La conversation est effacée ici. Notre serveur ne répond pas"

Open = Callable[[Assistant], Chat]


class _Neutral(BaseHTTPRequestHandler):
    """Any page of a site that has nothing to do with the assistant."""

    def do_GET(self) -> None:
        page = b"<!doctype html><html lang=fr><title>La pluie</title><p>Quel temps demain ?</p></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def neutral() -> Iterator[str]:
    """The address of a site elsewhere."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Neutral) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def open_chat(context: BrowserContext, neutral: str) -> Open:
    """Opens the page after another one, with the neutral address, and asks a question."""

    def opened(assistant: Assistant) -> Chat:
        page = context.new_page()
        page.goto(f"{neutral}avant")
        page.goto(assistant.url)
        page.locator("assistant-oim").evaluate("(element, url) => element.setAttribute('neutral', url)", neutral)
        chat = Chat(page).open()
        assert "1990" in chat.ask(QUESTION)
        return chat

    return opened


@pytest.fixture(scope="module")
def own(start_assistant: StartAssistant) -> Assistant:
    """An assistant of this file, which `down` may stop."""
    return start_assistant()


@pytest.fixture
def down(own: Assistant) -> Iterator[Callable[[], None]]:
    """Stops the assistant of this file for the rest of a test."""
    if own.process is None:
        own.start()
    yield own.stop


def token(page: Page) -> str:
    return str(page.evaluate("JSON.parse(sessionStorage.getItem('assistant-oim')).token"))


def stored_events(assistant: Assistant, token: str) -> int:
    """How many events of a conversation the server has."""
    file = assistant.folder / "conversations.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        query = "SELECT count(*) FROM events WHERE sender_id = ?"
        return int(database.execute(query, [token.rpartition(".")[0]]).fetchone()[0])


def wait_until_erased(assistant: Assistant, token: str) -> None:
    assert eventually(lambda: not stored_events(assistant, token)), "the server still has the conversation"


def expect_left(page: Page, neutral: str) -> None:
    """The page shows the neutral site, and nothing of the chat is behind it."""
    page.wait_for_url(neutral)
    expect(page.get_by_text("Quel temps demain ?")).to_be_visible()
    assert page.title() == "La pluie"


def press_escapes(page: Page, *, pause: float = 0) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")
        page.wait_for_timeout(pause)


def hold(page: Page, path: str) -> list[Route]:
    """Keep requests on their way: the list of them grows, each goes on when it is told to."""
    held: list[Route] = []

    def keep(route: Route) -> None:  # not `held.append`: Playwright wants a function of Python's
        held.append(route)

    page.route(path, keep)
    return held


# Quitting


def test_the_button_replaces_the_page_by_the_neutral_address(
    open_chat: Open, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)


def test_nothing_of_the_conversation_stays_in_the_tab_after_quitting(
    open_chat: Open, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    chat.page.goto(f"{assistant.url}demo.css")  # a page of the chat's site without the chat
    assert chat.page.evaluate("sessionStorage.length") == 0
    chat.page.goto(assistant.url)
    chat.open()
    expect(chat.log).to_contain_text("Quelle est votre question ?")
    expect(chat.answers).to_have_count(0)


def test_going_back_after_quitting_skips_the_page_of_the_chat(
    open_chat: Open, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    chat.page.go_back()
    assert chat.page.url == f"{neutral}avant"
    chat.page.go_forward()
    assert chat.page.url == neutral


def test_going_back_to_another_page_of_the_site_shows_an_empty_chat(
    open_chat: Open, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    chat.page.goto(f"{assistant.url}?page=2")
    chat.open()
    expect(chat.answers).to_contain_text("1990")
    chat.page.locator("assistant-oim").evaluate("(element, url) => element.setAttribute('neutral', url)", neutral)
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    chat.page.go_back()
    chat.page.wait_for_url(assistant.url)
    chat.open()
    expect(chat.log).to_contain_text("Quelle est votre question ?")
    expect(chat.answers).to_have_count(0)


def test_quitting_has_the_server_erase_the_conversation(open_chat: Open, assistant: Assistant, neutral: str) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    assert stored_events(assistant, named) > 0
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    wait_until_erased(assistant, named)


def test_quitting_empties_and_closes_the_chat_of_the_other_tab(
    open_chat: Open, context: BrowserContext, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    other = visit(context, assistant.url).open()
    expect(other.answers).to_contain_text("1990")
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    expect(other.dialog).to_be_hidden()
    assert other.page.evaluate("sessionStorage.length") == 0
    other.open()
    expect(other.answers).to_have_count(0)


def test_quitting_empties_a_tab_that_was_on_a_page_without_the_chat(
    open_chat: Open, context: BrowserContext, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    away = visit(context, assistant.url).open()
    expect(away.answers).to_contain_text("1990")
    away.page.goto(neutral)
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    away.page.goto(assistant.url)
    away.open()
    expect(away.log).to_contain_text("Quelle est votre question ?")
    expect(away.answers).to_have_count(0)


@pytest.mark.parametrize("place", ["the page", "the input", "the closed chat", "an answer"])
def test_three_quick_escapes_quit_wherever_the_focus_is(
    open_chat: Open, assistant: Assistant, neutral: str, place: str
) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    if place == "the page":
        chat.page.get_by_role("heading", level=1).click()
    elif place == "the input":
        chat.input.focus()
    elif place == "the closed chat":
        chat.button("Fermer").click()
        expect(chat.launcher).to_be_focused()
    else:
        chat.log.focus()
    press_escapes(chat.page)
    expect_left(chat.page, neutral)
    wait_until_erased(assistant, named)
    chat.page.go_back()
    assert chat.page.url == f"{neutral}avant"


def test_three_quick_escapes_quit_before_the_chat_was_ever_opened(
    context: BrowserContext, assistant: Assistant, neutral: str
) -> None:
    chat = visit(context, assistant.url)
    chat.page.locator("assistant-oim").evaluate("(element, url) => element.setAttribute('neutral', url)", neutral)
    press_escapes(chat.page)
    expect_left(chat.page, neutral)


def test_escapes_quit_though_the_page_keeps_keys_to_itself(open_chat: Open, assistant: Assistant, neutral: str) -> None:
    chat = open_chat(assistant)
    chat.page.evaluate("document.body.addEventListener('keydown', event => event.stopImmediatePropagation(), true)")
    press_escapes(chat.page)
    expect_left(chat.page, neutral)


def test_three_slow_escapes_do_not_quit(open_chat: Open, assistant: Assistant) -> None:
    chat = open_chat(assistant)
    press_escapes(chat.page, pause=800)  # 1.6 s from the first to the third
    assert chat.page.url == assistant.url
    expect(chat.dialog).to_be_hidden()  # the first of them closed it
    chat.open()
    expect(chat.answers).to_contain_text("1990")


def test_two_quick_escapes_do_not_quit(open_chat: Open, assistant: Assistant) -> None:
    chat = open_chat(assistant)
    chat.page.keyboard.press("Escape")
    chat.page.keyboard.press("Escape")
    chat.page.wait_for_timeout(300)
    assert chat.page.url == assistant.url


def test_quitting_works_while_the_server_is_down(
    open_chat: Open, own: Assistant, down: Callable[[], None], neutral: str
) -> None:
    chat = open_chat(own)
    down()
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    chat.page.go_back()
    assert chat.page.url == f"{neutral}avant"


def test_quitting_while_an_answer_is_awaited_leaves_nothing_on_the_server(
    open_chat: Open, assistant: Assistant, neutral: str
) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    chat.input.fill("Que veut dire le sigle OIM ?")
    chat.input.press("Enter")
    chat.button("Quitter vite").click()
    expect_left(chat.page, neutral)
    wait_until_erased(assistant, named)
    chat.page.wait_for_timeout(500)  # as long as an answer may still be in the making
    assert stored_events(assistant, named) == 0


def test_the_neutral_address_has_a_default(chat: Chat) -> None:
    chat.page.locator("assistant-oim").evaluate("element => element.removeAttribute('neutral')")
    chat.open().button("Quitter vite").click()
    chat.page.wait_for_url("about:blank")


def test_the_chat_says_that_the_history_of_the_browser_remains(chat: Chat) -> None:
    chat.open()
    expect(chat.log.get_by_text("L'historique de votre navigateur, lui, garde la trace de cette page.")).to_be_visible()


# Erasing


def test_erasing_empties_here_and_on_the_server_and_says_so(open_chat: Open, assistant: Assistant) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED)
    expect(chat.answers).to_have_count(0)
    expect(chat.log.locator(".visitor")).to_have_count(0)
    expect(chat.input).to_be_focused()
    assert stored_events(assistant, named) == 0
    assert chat.page.evaluate("sessionStorage.length") == 0


def test_erasing_empties_the_other_tab(open_chat: Open, context: BrowserContext, assistant: Assistant) -> None:
    chat = open_chat(assistant)
    other = visit(context, assistant.url).open()
    expect(other.answers).to_contain_text("1990")
    chat.button("Effacer la conversation").click()
    expect(other.answers).to_have_count(0)
    expect(other.log.locator(".visitor")).to_have_count(0)
    assert other.page.evaluate("sessionStorage.length") == 0


def test_a_new_conversation_after_erasing_knows_nothing_of_the_old_one(open_chat: Open, assistant: Assistant) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED)
    assert "San Jose" not in chat.ask("et où ?")
    assert token(chat.page) != named
    expect(chat.log).not_to_contain_text(ERASED)


def test_erasing_in_words_empties_everywhere_too(
    open_chat: Open, context: BrowserContext, assistant: Assistant
) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    other = visit(context, assistant.url).open()
    expect(other.answers).to_contain_text("1990")
    chat.input.fill("Efface notre conversation")
    chat.input.press("Enter")
    for tab in (chat, other):
        expect(tab.log).not_to_contain_text("1990")
        expect(tab.log.locator(".visitor")).to_have_count(0)
    wait_until_erased(assistant, named)


def test_erasing_while_the_server_is_down_says_that_it_will_expire(
    open_chat: Open, own: Assistant, down: Callable[[], None]
) -> None:
    chat = open_chat(own)
    down()
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED_HERE)
    expect(chat.log).to_contain_text("il l'effacera tout seul")
    expect(chat.answers).to_have_count(0)
    assert chat.page.evaluate("sessionStorage.length") == 0


def test_erasing_again_does_not_claim_what_the_server_did_not_do(
    open_chat: Open, own: Assistant, down: Callable[[], None]
) -> None:
    chat = open_chat(own)
    named = token(chat.page)
    down()
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED_HERE)
    chat.button("Effacer la conversation").click()
    chat.page.wait_for_timeout(500)
    assert stored_events(own, named) > 0
    expect(chat.log).not_to_contain_text(ERASED)


def test_erasing_again_when_the_server_is_back_erases_there(
    open_chat: Open, own: Assistant, down: Callable[[], None]
) -> None:
    chat = open_chat(own)
    named = token(chat.page)
    down()
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED_HERE)
    own.start()
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED)
    wait_until_erased(own, named)


def test_erasing_before_anything_was_asked_asks_nothing_of_the_server(chat: Chat) -> None:
    sent: list[str] = []
    chat.page.on("request", lambda request: sent.append(request.url))
    chat.open().button("Effacer la conversation").click()
    expect(chat.log).to_contain_text("effacée")
    assert sent == []


def test_an_answer_that_comes_after_erasing_is_not_shown(open_chat: Open, assistant: Assistant) -> None:
    chat = open_chat(assistant)
    held = hold(chat.page, "**/messages")
    chat.input.fill("Que veut dire le sigle OIM ?")
    chat.input.press("Enter")
    expect(chat.page.get_by_role("status")).to_have_text("L'assistant écrit…")
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED)
    expect(chat.page.get_by_role("status")).to_be_empty()
    held[0].continue_()
    chat.page.wait_for_timeout(700)
    expect(chat.answers).to_have_count(0)
    expect(chat.log.locator(".visitor")).to_have_count(0)


def test_a_message_that_was_on_its_way_when_erasing_does_not_begin_the_conversation_again(
    open_chat: Open, assistant: Assistant
) -> None:
    chat = open_chat(assistant)
    named = token(chat.page)
    held = hold(chat.page, "**/messages")
    chat.input.fill("Que veut dire le sigle OIM ?")
    chat.input.press("Enter")
    expect(chat.page.get_by_role("status")).to_have_text("L'assistant écrit…")
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text(ERASED)
    held[0].continue_()
    chat.page.wait_for_timeout(700)
    assert stored_events(assistant, named) == 0


def test_a_first_question_that_was_erased_while_it_waited_for_a_conversation_is_not_sent(
    chat: Chat, assistant: Assistant
) -> None:
    sent: list[str] = []
    held = hold(chat.page, "**/conversations")
    chat.page.on("request", lambda request: sent.append(request.url.rpartition("/")[2]))
    chat.open().input.fill(QUESTION)
    chat.input.press("Enter")
    expect(chat.page.get_by_role("status")).to_have_text("L'assistant écrit…")
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text("effacée")
    held[0].continue_()
    chat.page.wait_for_timeout(700)
    assert sent == ["conversations"]
    expect(chat.answers).to_have_count(0)
