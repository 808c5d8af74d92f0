"""What a visit keeps: over a reload, in a second tab, for the site around it; and what it never keeps."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Assistant, Chat, visit
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.waiting import eventually

QUESTION = "Quand l'OCAM a-t-elle été créée ?"
HEAR = """
window.heard = [];
for (const kind of ["ready", "open", "close", "message", "error", "erase"])
  document.addEventListener(`assistant-${kind}`, ({ type, detail }) => heard.push([type, detail]));
"""


def conversation_id(page: Page) -> str:
    """The id that the server stores this page's conversation under: its token without the signature."""
    token = page.evaluate("JSON.parse(sessionStorage.getItem('assistant-oim')).token")
    return str(token).rpartition(".")[0]


def questions_stored(assistant: Assistant, conversation: str) -> int:
    """How many messages of a visitor the server handled."""
    file = assistant.folder / "conversations.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        query = "SELECT count(*) FROM events WHERE sender_id = ? AND type_name = 'user'"
        return int(database.execute(query, [conversation]).fetchone()[0])


def heard(page: Page, kind: str) -> Sequence[Any]:
    """The details of the events of a kind that the page heard so far."""
    return [detail for name, detail in page.evaluate("heard") if name == f"assistant-{kind}"]


# What a reload and a second tab bring back


def test_a_reload_keeps_the_conversation_its_rating_and_its_context(chat: Chat) -> None:
    chat.open().ask(QUESTION)
    chat.button("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    chat.page.reload()
    chat.open()
    expect(chat.log.locator(".visitor")).to_contain_text(QUESTION)
    expect(chat.answers).to_contain_text("1990")
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    assert "San Jose" in chat.ask("et où ?")


def test_a_reload_keeps_the_choices_and_they_still_work(chat: Chat) -> None:
    chat.open().ask("création")
    choices = chat.log.locator(".choices button")
    titles = choices.all_inner_texts()
    assert titles
    chat.page.reload()
    chat.open()
    expect(choices).to_have_text(titles)
    choices.first.click()
    expect(chat.log.locator(".visitor").last).to_contain_text(titles[0])
    expect(chat.answers.last.locator(".source")).to_be_visible()


def test_closing_and_opening_keeps_the_conversation(chat: Chat) -> None:
    chat.open().ask(QUESTION)
    chat.button("Fermer").click()
    expect(chat.dialog).to_be_hidden()
    chat.open()
    expect(chat.answers).to_contain_text("1990")


def test_a_second_tab_receives_the_conversation_and_each_shows_what_is_asked_in_the_other(
    chat: Chat, context: BrowserContext, assistant: Assistant
) -> None:
    chat.open().ask(QUESTION)
    second = visit(context, assistant.url).open()
    expect(second.answers).to_contain_text("1990")
    assert "San Jose" in second.ask("et où ?")
    expect(chat.log.locator(".visitor").last).to_contain_text("et où ?")
    expect(chat.answers.last).to_contain_text("San Jose")
    assert questions_stored(assistant, conversation_id(chat.page)) == 2


def test_a_choice_offered_in_one_tab_can_be_taken_in_the_other(
    chat: Chat, context: BrowserContext, assistant: Assistant
) -> None:
    chat.open().ask("création")
    second = visit(context, assistant.url).open()
    second.log.locator(".choices button").first.click()
    expect(second.answers).to_have_count(2)
    expect(chat.answers).to_have_count(2)
    expect(chat.log.locator(".choices")).to_have_count(0)


def test_a_rating_given_in_one_tab_is_seen_in_the_other(
    chat: Chat, context: BrowserContext, assistant: Assistant
) -> None:
    chat.open().ask(QUESTION)
    second = visit(context, assistant.url).open()
    second.button("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")


def test_another_visitor_sees_nothing_of_the_conversation(chat: Chat, browser: Browser, assistant: Assistant) -> None:
    chat.open().ask(QUESTION)
    other = browser.new_context(locale="fr-FR")
    try:
        stranger = visit(other, assistant.url).open()
        expect(stranger.log).to_contain_text("Quelle est votre question ?")
        expect(stranger.answers).to_have_count(0)
        assert stranger.page.evaluate("sessionStorage.length") == 0
        assert "San Jose" not in stranger.ask("et où ?"), "the follow-up of a stranger"
        expect(chat.answers).to_have_count(1)
    finally:
        other.close()


def test_nothing_stays_on_the_device_after_the_session(chat: Chat, context: BrowserContext) -> None:
    chat.open().ask(QUESTION)
    chat.button("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    assert context.cookies() == []
    assert chat.page.evaluate("localStorage.length") == 0
    assert chat.page.evaluate("indexedDB.databases()") == []
    assert chat.page.evaluate("caches.keys()") == []
    assert "1990" not in chat.page.url


# What is sent, and how often


def test_a_double_click_on_send_sends_once(chat: Chat, assistant: Assistant) -> None:
    chat.open().input.fill(QUESTION)
    chat.button("Envoyer").dblclick()
    expect(chat.answers).to_contain_text("1990")
    expect(chat.log.locator(".visitor")).to_have_count(1)
    assert questions_stored(assistant, conversation_id(chat.page)) == 1


def test_a_double_click_on_a_choice_sends_once(chat: Chat, assistant: Assistant) -> None:
    chat.open().ask("création")
    chat.log.locator(".choices button").first.dblclick()
    expect(chat.answers).to_have_count(2)
    expect(chat.log.locator(".visitor")).to_have_count(2)
    assert questions_stored(assistant, conversation_id(chat.page)) == 2


@pytest.mark.parametrize("line", ["", "   "])
def test_an_empty_line_sends_nothing(chat: Chat, line: str) -> None:
    sent: list[str] = []
    chat.page.on("request", lambda request: sent.append(request.url))
    chat.open().input.fill(line)
    chat.input.press("Enter")
    chat.button("Envoyer").click()
    expect(chat.log.locator(".visitor")).to_have_count(0)
    assert "1990" in chat.ask(QUESTION), "a real question still goes"
    assert [url.rpartition("/")[2] for url in sent] == ["conversations", "messages"]


def test_the_input_takes_no_more_than_the_server_does(chat: Chat) -> None:
    chat.open().input.press_sequentially("a" * 505, delay=0)
    assert len(chat.input.input_value()) == 500


# What visitors say of answers


def feedback_of(assistant: Assistant, known: set[str]) -> tuple[str, str]:
    """The verdict and the decisions that were stored beside those known; the page thanks before they are."""
    (new,) = eventually(lambda: [row[1:] for row in feedback_rows(assistant) if row[0] not in known])
    return new


def feedback_rows(assistant: Assistant) -> Sequence[Any]:
    file = assistant.folder / "feedback.db"
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'feedback'").fetchone():
            return []
        return database.execute("SELECT key, verdict, decisions FROM feedback").fetchall()


def feedback_keys(assistant: Assistant) -> set[str]:
    return {row[0] for row in feedback_rows(assistant)}


def in_feedback_files(folder: Path, word: str) -> bool:
    """Whether a word stands anywhere in what is kept of feedback, the files of the database beside it too."""
    forms = [word.encode(), word.lower().encode(), word.encode("utf-16-le"), word.encode("ascii", "backslashreplace")]
    return any(form in file.read_bytes() for file in folder.glob("feedback.db*") for form in forms)


def test_a_useful_answer_is_stored_with_its_fact_and_no_word_of_the_visitor(chat: Chat, assistant: Assistant) -> None:
    known = feedback_keys(assistant)
    chat.open()
    assert "1990" in chat.ask("Dites, la création de l'OCAM remonte à quelle année exactement ?")
    chat.button("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    expect(chat.button("Oui")).to_have_count(0)
    verdict, decisions = feedback_of(assistant, known)
    assert verdict == "yes"
    assert "ocam.date_creation" in decisions
    for word in ("Dites", "création", "remonte", "année", "exactement", conversation_id(chat.page)):
        assert not in_feedback_files(assistant.folder, word), word


@pytest.mark.parametrize(
    ("reason", "stored"),
    [
        ("C'est faux", "wrong"),
        ("C'est incomplet", "incomplete"),
        ("Ce n'est pas ma question", "other"),
        ("Ce n'est pas clair", "unclear"),
    ],
)
def test_an_answer_that_did_not_help_is_stored_with_the_reason_and_no_word_of_the_visitor(
    chat: Chat, assistant: Assistant, reason: str, stored: str
) -> None:
    known = feedback_keys(assistant)
    chat.open().ask("À qui écrire au Nicaragua ?")
    chat.button("Non").click()
    expect(chat.button("C'est faux")).to_be_focused()
    chat.button(reason).click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    verdict, decisions = feedback_of(assistant, known)
    assert verdict == stored
    assert decisions != "[]"
    for word in ("écrire", "Nicaragua", conversation_id(chat.page)):
        assert not in_feedback_files(assistant.folder, word), word


def test_a_rating_belongs_to_its_answer_and_not_to_the_last(chat: Chat, assistant: Assistant) -> None:
    known = feedback_keys(assistant)
    chat.open().ask(QUESTION)
    chat.ask("Que veut dire le sigle OIM ?")
    chat.dialog.get_by_role("group", name="Cette réponse vous a-t-elle été utile ?").first.get_by_text("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    expect(chat.button("Oui")).to_have_count(1)
    _, decisions = feedback_of(assistant, known)
    assert "ocam.date_creation" in decisions


def test_a_rating_that_does_not_arrive_can_be_given_again(chat: Chat, assistant: Assistant) -> None:
    known = feedback_keys(assistant)
    chat.open().ask(QUESTION)
    chat.page.route("**/feedback", lambda route: route.abort(), times=1)
    chat.button("Oui").click()
    expect(chat.button("Oui")).to_be_visible()
    assert feedback_keys(assistant) == known
    chat.button("Oui").click()
    expect(chat.log).to_contain_text("Merci, c'est noté.")
    assert feedback_of(assistant, known)[0] == "yes"


# What a site does with it


def embedded(context: BrowserContext, assistant: Assistant, attributes: str) -> Chat:
    """The page, with further attributes on the element that its author wrote."""

    def written(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("<assistant-oim ", f"<assistant-oim {attributes} ")
        route.fulfill(response=answer, body=body)

    page = context.new_page()
    page.route(assistant.url, written)
    page.goto(assistant.url)
    return Chat(page)


def test_the_attribute_open_opens_it_on_loading(context: BrowserContext, assistant: Assistant) -> None:
    chat = embedded(context, assistant, "open")
    expect(chat.dialog).to_be_visible()
    expect(chat.launcher).to_be_hidden()
    assert "1990" in chat.ask(QUESTION)


def test_the_attributes_heading_privacy_and_position_are_followed(
    context: BrowserContext, assistant: Assistant
) -> None:
    chat = embedded(context, assistant, 'open heading="Aide de la maison" position="left" privacy="#ici"')
    dialog = chat.page.get_by_role("dialog", name="Aide de la maison")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="Vie privée")).to_have_attribute("href", "#ici")
    box = dialog.bounding_box()
    assert box
    assert box["x"] < 50
    chat.page.evaluate("document.querySelector('assistant-oim').setAttribute('heading', 'Autre titre')")
    expect(chat.page.get_by_role("dialog", name="Autre titre")).to_be_visible()


def test_the_page_on_personal_data_is_the_organisations_where_the_site_names_none(
    context: BrowserContext, assistant: Assistant
) -> None:
    def of_server(route: Route) -> None:
        route.fulfill(body='export const PRIVACY = "https://club.example/donnees";', content_type="text/javascript")

    def without_attribute(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r' privacy="[^"]*"', " open", answer.text()))

    page = context.new_page()
    page.route("**/organisation.js", of_server)
    page.route(assistant.url, without_attribute)
    page.goto(assistant.url)
    link = Chat(page).dialog.get_by_role("link", name="Vie privée")
    expect(link).to_have_attribute("href", "https://club.example/donnees")


def test_a_site_opens_closes_and_sends(chat: Chat) -> None:
    element = chat.page.locator("assistant-oim")
    element.evaluate("element => element.open()")
    expect(chat.dialog).to_be_visible()
    element.evaluate("(element, text) => element.send(text)", QUESTION)
    expect(chat.answers).to_contain_text("1990")
    element.evaluate("element => element.close()")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_visible()


def test_a_site_sends_no_more_than_the_server_takes(chat: Chat) -> None:
    chat.open()
    chat.page.locator("assistant-oim").evaluate("element => element.send('a'.repeat(2000))")
    expect(chat.answers).to_have_count(1)
    expect(chat.page.get_by_role("alert")).to_have_count(0)


def test_a_site_erases(chat: Chat, assistant: Assistant) -> None:
    chat.open().ask(QUESTION)
    conversation = conversation_id(chat.page)
    chat.page.locator("assistant-oim").evaluate("element => element.erase()")
    expect(chat.answers).to_have_count(0)
    expect(chat.log).to_contain_text("La conversation est effacée, ici et sur notre serveur.")
    assert questions_stored(assistant, conversation) == 0


def test_a_site_lets_a_visitor_quit(chat: Chat, assistant: Assistant) -> None:
    chat.open().ask(QUESTION)
    element = chat.page.locator("assistant-oim")
    element.evaluate("element => { element.setAttribute('neutral', 'about:blank#ailleurs'); element.quit(); }")
    chat.page.wait_for_url("about:blank#ailleurs")


def test_a_site_hears_what_happens(context: BrowserContext, assistant: Assistant) -> None:
    context.add_init_script(HEAR)
    chat = visit(context, assistant.url)
    assert len(heard(chat.page, "ready")) == 1
    chat.open().ask("création")
    assert len(heard(chat.page, "open")) == 1
    [answer] = heard(chat.page, "message")
    assert answer["text"]
    assert [button["title"] for button in answer["buttons"]] == chat.log.locator(".choices button").all_inner_texts()
    chat.button("Effacer la conversation").click()
    expect(chat.log).to_contain_text("La conversation est effacée")
    assert len(heard(chat.page, "erase")) == 1
    chat.button("Fermer").click()
    assert len(heard(chat.page, "close")) == 1
    assert heard(chat.page, "error") == []


def test_a_site_hears_of_a_failure_but_not_what_the_visitor_wrote(
    context: BrowserContext, assistant: Assistant
) -> None:
    context.add_init_script(HEAR)
    chat = visit(context, assistant.url).open()
    chat.page.route("**/messages", lambda route: route.abort())
    chat.input.fill("Je m'appelle Zéphirine")
    chat.input.press("Enter")
    expect(chat.page.get_by_role("alert")).to_be_visible()
    [failure] = heard(chat.page, "error")
    assert failure == {"failure": "failed"}


def test_a_site_has_words_of_its_own(chat: Chat) -> None:
    chat.open()
    element = chat.page.locator("assistant-oim")
    element.evaluate(
        "element => element.texts = { title: 'Aide', send: 'Poser', welcome: 'Salut !', reasons: { wrong: 'Erreur' } }"
    )
    dialog = chat.page.get_by_role("dialog", name="Aide")
    expect(dialog.get_by_role("button", name="Poser", exact=True)).to_be_visible()
    expect(chat.log).to_contain_text("Salut !")
    expect(dialog.get_by_role("button", name="Quitter vite")).to_be_visible()  # a word that it left
    assert "1990" in chat.ask(QUESTION)
    dialog.get_by_role("button", name="Non", exact=True).click()
    expect(dialog.get_by_role("button", name="Erreur")).to_be_visible()
    expect(dialog.get_by_role("button", name="C'est incomplet")).to_be_visible()


def test_words_that_a_site_sets_before_the_component_is_loaded_count(
    context: BrowserContext, assistant: Assistant
) -> None:
    page = context.new_page()
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/assistant-oim\.js$"), keep)  # as on a slow link
    page.goto(assistant.url, wait_until="commit")
    page.locator("assistant-oim").wait_for(state="attached")
    page.evaluate("document.querySelector('assistant-oim').texts = { open: 'Demander' }")
    held[0].continue_()
    expect(page.get_by_role("button", name="Demander")).to_be_visible()


def test_the_component_can_be_taken_out_and_put_back(chat: Chat) -> None:
    chat.open().ask(QUESTION)
    chat.page.evaluate(
        "{ const element = document.querySelector('assistant-oim'); element.remove(); document.body.append(element); }"
    )
    if chat.launcher.is_visible():
        chat.open()
    expect(chat.answers).to_contain_text("1990")
    assert "San Jose" in chat.ask("et où ?")
