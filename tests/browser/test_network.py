"""A bad network: what is said, what is kept, and that a message is answered once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from conftest import Assistant, Chat, StartAssistant, visit
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

QUESTION = "Quand l'OCAM a-t-elle été créée ?"
UNREACHED = "L'assistant ne répond pas. Votre message est gardé, vous pouvez réessayer."
OFFLINE = "Votre message n'est pas parti : il n'y a pas de réseau."
LATE = "La réponse n'est pas venue à temps. Votre message est gardé, vous pouvez réessayer."
WRITING = "L'assistant écrit…"
SLOW = "La réponse tarde, l'assistant cherche encore…"
#: Gives up after a second instead of twenty: the browser's own clock for that cannot be moved.
IMPATIENT = "{ const timeout = AbortSignal.timeout; AbortSignal.timeout = () => timeout.call(AbortSignal, 1_000); }"


@pytest.fixture(scope="module")
def own(start_assistant: StartAssistant) -> Assistant:
    """An assistant of this file, which tests may stop."""
    return start_assistant()


@pytest.fixture
def breakable(own: Assistant) -> Iterator[Assistant]:
    """The same, running when a test begins."""
    if own.process is None:
        own.start()
    yield own


def alert(chat: Chat) -> Locator:
    return chat.page.get_by_role("alert")


def status(chat: Chat) -> Locator:
    return chat.page.get_by_role("status")


def post(chat: Chat, text: str) -> None:
    """Send a question without waiting for its answer."""
    chat.input.fill(text)
    chat.input.press("Enter")


def questions_stored(assistant: Assistant, page: Page) -> int:
    """How many messages of this page's conversation the server handled."""
    token = str(page.evaluate("JSON.parse(sessionStorage.getItem('assistant-oim')).token"))
    file = assistant.folder / "conversations.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        query = "SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'user'"
        return int(database.execute(query, [token.rpartition(".")[0]]).fetchone()[0])


def hold(page: Page, path: str) -> list[Route]:
    """Keep requests on their way: the list of them grows, each goes on when it is told to."""
    held: list[Route] = []

    def keep(route: Route) -> None:  # not `held.append`: Playwright wants a function of Python's
        held.append(route)

    page.route(path, keep)
    return held


def lose_answer(route: Route) -> None:
    """The server gets the request, and the line breaks before its answer."""
    route.fetch()
    route.abort("connectionreset")


# The server is away


def test_an_outage_is_told_in_french_and_a_retry_gets_the_answer(context: BrowserContext, breakable: Assistant) -> None:
    chat = visit(context, breakable.url).open()
    breakable.stop()
    post(chat, QUESTION)
    expect(alert(chat)).to_contain_text(UNREACHED)
    expect(chat.log.locator(".visitor")).to_contain_text(QUESTION)
    expect(status(chat)).to_be_empty()
    breakable.start()
    chat.button("Réessayer").click()
    expect(chat.answers).to_contain_text("1990")
    expect(alert(chat)).to_have_count(0)
    expect(chat.log.locator(".visitor")).to_have_count(1)
    assert questions_stored(breakable, chat.page) == 1


def test_the_conversation_goes_on_after_a_restart_of_the_server(context: BrowserContext, breakable: Assistant) -> None:
    chat = visit(context, breakable.url).open()
    chat.ask(QUESTION)
    breakable.stop()
    breakable.start()
    assert "San Jose" in chat.ask("et où ?")


def test_a_retry_that_fails_is_told_again(chat: Chat) -> None:
    chat.open().page.route("**/messages", lambda route: route.abort())
    post(chat, QUESTION)
    expect(alert(chat)).to_contain_text(UNREACHED)
    chat.button("Réessayer").click()
    expect(alert(chat)).to_contain_text(UNREACHED)
    expect(alert(chat)).to_have_count(1)
    chat.page.unroute("**/messages")
    chat.button("Réessayer").click()
    expect(chat.answers).to_contain_text("1990")


def test_what_did_not_arrive_survives_a_reload(chat: Chat) -> None:
    chat.open().page.route("**/messages", lambda route: route.abort())
    post(chat, QUESTION)
    expect(alert(chat)).to_be_visible()
    chat.page.unroute("**/messages")
    chat.page.reload()
    chat.open()
    chat.button("Réessayer").click()
    expect(chat.answers).to_contain_text("1990")


def test_another_question_may_be_asked_before_the_lost_one_is_tried_again(chat: Chat) -> None:
    chat.open().page.route("**/messages", lambda route: route.abort(), times=1)
    post(chat, QUESTION)
    expect(alert(chat)).to_be_visible()
    assert "Organisation internationale" in chat.ask("Que veut dire le sigle OIM ?")
    chat.button("Réessayer").click()
    expect(chat.answers.last).to_contain_text("1990")
    expect(alert(chat)).to_have_count(0)


@pytest.mark.parametrize("status_code", [500, 502, 503])
def test_an_error_page_of_a_server_in_between_is_told_in_french(chat: Chat, status_code: int) -> None:
    page = "<html><title>Bad Gateway</title></html>"
    chat.open().page.route("**/messages", lambda route: route.fulfill(status=status_code, body=page), times=1)
    post(chat, QUESTION)
    expect(alert(chat)).to_contain_text(UNREACHED)
    chat.button("Réessayer").click()
    expect(chat.answers).to_contain_text("1990")


def test_too_many_messages_are_refused_in_french_and_kept(context: BrowserContext, breakable: Assistant) -> None:
    chat = visit(context, breakable.url).open()
    chat.ask(QUESTION)
    statuses = chat.page.evaluate(
        """async (url) => {
            const { token } = JSON.parse(sessionStorage.getItem("assistant-oim"));
            const statuses = [];
            for (let number = 0; number < 19; number += 1) {
                const body = JSON.stringify({ conversation: token, id: `de-trop-${number}`, text: "bonjour" });
                statuses.push((await fetch(`${url}messages`, { method: "POST", body })).status);
            }
            return statuses;
        }""",
        breakable.url,
    )
    assert set(statuses) == {200}
    post(chat, "et où ?")
    expect(alert(chat)).to_contain_text("Votre message est gardé, réessayez dans")
    expect(chat.button("Réessayer")).to_be_visible()


# The same message twice


def test_a_retry_after_a_lost_answer_is_not_handled_twice(chat: Chat, assistant: Assistant) -> None:
    chat.open().page.route("**/messages", lose_answer, times=1)
    post(chat, QUESTION)
    expect(alert(chat)).to_contain_text(UNREACHED)
    assert questions_stored(assistant, chat.page) == 1
    chat.button("Réessayer").click()
    expect(chat.answers).to_contain_text("1990")
    expect(chat.answers).to_have_count(1)
    assert questions_stored(assistant, chat.page) == 1
    assert "San Jose" in chat.ask("et où ?")


def test_a_double_click_on_retry_sends_once(chat: Chat, assistant: Assistant) -> None:
    chat.open().page.route("**/messages", lambda route: route.abort(), times=1)
    post(chat, QUESTION)
    chat.button("Réessayer").dblclick()
    expect(chat.answers).to_contain_text("1990")
    expect(chat.answers).to_have_count(1)
    assert questions_stored(assistant, chat.page) == 1


def test_a_choice_whose_answer_was_lost_can_be_tried_again(chat: Chat, assistant: Assistant) -> None:
    chat.open().ask("création")
    choice = chat.log.locator(".choices button").first
    title = choice.inner_text()
    chat.page.route("**/messages", lose_answer, times=1)
    choice.click()
    expect(alert(chat)).to_be_visible()
    expect(chat.log.locator(".visitor").last).to_contain_text(title)
    chat.button("Réessayer").click()
    expect(chat.answers.last.locator(".source")).to_be_visible()
    assert questions_stored(assistant, chat.page) == 2


def test_a_reload_while_waiting_offers_to_try_again_and_is_not_handled_twice(chat: Chat, assistant: Assistant) -> None:
    chat.open()
    chat.ask("Que veut dire le sigle OIM ?")
    held: list[Route] = []

    def keep(route: Route) -> None:
        route.fetch()
        held.append(route)

    chat.page.route("**/messages", keep)
    post(chat, QUESTION)
    expect(status(chat)).to_have_text(WRITING)
    chat.page.reload()
    chat.page.unroute("**/messages")
    chat.open()
    expect(alert(chat)).to_contain_text(LATE)
    chat.button("Réessayer").click()
    expect(chat.answers.last).to_contain_text("1990")
    assert questions_stored(assistant, chat.page) == 2


# No network


def test_a_message_sent_without_network_leaves_by_itself_when_it_is_back(
    chat: Chat, context: BrowserContext, assistant: Assistant
) -> None:
    chat.open()
    context.set_offline(True)
    post(chat, QUESTION)
    expect(alert(chat)).to_contain_text(OFFLINE)
    context.set_offline(False)
    expect(chat.answers).to_contain_text("1990")
    expect(alert(chat)).to_have_count(0)
    assert questions_stored(assistant, chat.page) == 1


def test_several_messages_sent_without_network_all_leave_when_it_is_back(chat: Chat, context: BrowserContext) -> None:
    chat.open()
    context.set_offline(True)
    post(chat, QUESTION)
    expect(alert(chat)).to_have_count(1)
    post(chat, "Que veut dire le sigle OIM ?")
    expect(alert(chat)).to_have_count(2)
    context.set_offline(False)
    expect(alert(chat)).to_have_count(0)
    expect(chat.answers).to_have_count(2)
    expect(chat.log).to_contain_text("1990")
    expect(chat.log).to_contain_text("Organisation internationale pour les migrations")


def test_two_tabs_do_not_both_send_what_waited_for_the_network(
    chat: Chat, context: BrowserContext, assistant: Assistant
) -> None:
    chat.open().ask("Que veut dire le sigle OIM ?")
    other = visit(context, assistant.url).open()
    expect(other.answers).to_have_count(1)
    context.set_offline(True)
    post(chat, QUESTION)
    expect(alert(chat)).to_be_visible()
    context.set_offline(False)
    expect(chat.answers.last).to_contain_text("1990")
    expect(other.answers.last).to_contain_text("1990")
    expect(chat.answers).to_have_count(2)
    expect(other.answers).to_have_count(2)
    assert questions_stored(assistant, chat.page) == 2


# A slow server


def test_a_slow_answer_is_waited_for_aloud_and_then_said_to_be_slow(
    context: BrowserContext, assistant: Assistant
) -> None:
    page = context.new_page()
    page.clock.install()
    page.goto(assistant.url)
    chat = Chat(page).open()
    held = hold(page, "**/messages")
    post(chat, QUESTION)
    expect(status(chat)).to_have_text(WRITING)
    expect(chat.button("Envoyer")).to_be_disabled()
    page.clock.fast_forward(6_000)
    expect(status(chat)).to_have_text(SLOW)
    held[0].continue_()
    expect(chat.answers).to_contain_text("1990")
    expect(status(chat)).to_be_empty()
    expect(chat.button("Envoyer")).to_be_enabled()


def test_an_answer_that_does_not_come_in_time_is_told_and_can_be_tried_again(
    context: BrowserContext, assistant: Assistant
) -> None:
    context.add_init_script(IMPATIENT)
    chat = visit(context, assistant.url).open()
    chat.page.route("**/messages", lambda route: None, times=1)  # never answered
    post(chat, QUESTION)
    expect(status(chat)).to_have_text(WRITING)
    expect(alert(chat)).to_contain_text(LATE)
    expect(status(chat)).to_be_empty()
    chat.button("Réessayer").click()
    expect(chat.answers).to_contain_text("1990")
    assert questions_stored(assistant, chat.page) == 1


def test_what_is_typed_while_waiting_is_neither_sent_nor_lost(chat: Chat) -> None:
    held = hold(chat.open().page, "**/messages")
    post(chat, QUESTION)
    expect(status(chat)).to_have_text(WRITING)
    post(chat, "et où ?")
    expect(chat.input).to_have_value("et où ?")
    expect(chat.log.locator(".visitor")).to_have_count(1)
    held.pop().continue_()
    expect(chat.answers).to_contain_text("1990")
    expect(chat.input).to_have_value("et où ?")
    chat.page.unroute("**/messages")
    chat.input.press("Enter")
    expect(chat.answers.last).to_contain_text("San Jose")


def test_the_chat_can_be_closed_and_opened_while_waiting(chat: Chat) -> None:
    held = hold(chat.open().page, "**/messages")
    post(chat, QUESTION)
    expect(status(chat)).to_have_text(WRITING)
    chat.button("Fermer").click()
    held[0].continue_()
    chat.open()
    expect(chat.answers).to_contain_text("1990")
