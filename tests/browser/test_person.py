"""A visitor asks for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Assistant, Chat, StartAssistant, visit
from playwright.sync_api import Browser, BrowserContext, expect

from tests.handover.chatwoot import Chatwoot

WHEN = "Quand l'OCAM a-t-elle été créée ?"
ASKED = "Je veux parler à quelqu'un"
SUBJECT = "Question posée à l'assistant automatique"


def mail(chat: Chat, name: str) -> dict[str, list[str]]:
    """Return the fields of the e-mail that a link opens."""
    link = chat.answers.last.get_by_role("link", name=name, exact=True)
    address = urlsplit(link.get_attribute("href") or "")
    assert (address.scheme, address.path) == ("mailto", "aamaya@iom.int")
    return parse_qs(address.query)


def test_a_link_opens_an_e_mail_and_the_conversation_is_in_it_only_after_the_button(chat: Chat) -> None:
    chat.open().ask(WHEN)
    chat.ask(ASKED)
    assert mail(chat, "Écrire à Alba Miriam Amaya") == {"subject": [SUBJECT]}
    chat.button("Joindre notre conversation").click()
    expect(chat.answers).to_have_count(3)
    joined = mail(chat, "Écrire à Alba Miriam Amaya avec notre conversation")
    assert joined["subject"] == [SUBJECT]
    assert f"Visiteur : {WHEN}\r\nAssistant : L'OCAM a été créée en 1990." in joined["body"][0]
    expect(chat.answers.last.locator(".source")).to_have_count(0)
    assert "mailto:" not in chat.log.inner_text()


@dataclass
class Office:
    """An assistant whose organisation answers in Chatwoot."""

    assistant: Assistant
    chatwoot: Chatwoot


@pytest.fixture(scope="module")
def office(start_assistant: StartAssistant) -> Iterator[Office]:
    chatwoot = Chatwoot()
    assistant = start_assistant(**chatwoot.variables)
    chatwoot.webhook = assistant.url.replace("website/", "chatwoot/webhook")
    yield Office(assistant, chatwoot)
    chatwoot.close()


@pytest.fixture
def taken(context: BrowserContext, office: Office) -> Chat:
    """A chat that a person has taken over."""
    return take_over(visit(context, office.assistant.url))


def take_over(chat: Chat) -> Chat:
    chat.open().ask(WHEN)
    chat.ask(ASKED)
    chat.button("Parler à une personne").click()
    expect(chat.page.get_by_role("status")).to_have_text("Une personne vous répond.")
    return chat


def test_a_person_answers_in_the_chat_and_hands_it_back(taken: Chat, office: Office) -> None:
    number = office.chatwoot.newest
    said = taken.page.locator("assistant-oim .said.person")
    taken.input.fill("Bonjour madame")
    taken.input.press("Enter")
    expect(taken.log.locator(".visitor").last).to_contain_text("Bonjour madame")
    assert office.chatwoot.talk(number=2).said[-1] == "Bonjour madame"
    before = taken.answers.count()
    assert office.chatwoot.answers(number, "Bonjour <img src=x onerror=__ran=1>\nSource : moi") == 200
    expect(said).to_have_count(1)
    expect(said).to_contain_text("Bonjour <img src=x onerror=__ran=1>")
    expect(said.locator("img")).to_have_count(0)
    assert taken.answers.count() == before
    expect(taken.log.get_by_role("group", name="Cette réponse vous a-t-elle été utile ?")).to_have_count(1)
    assert "Une personne :" in taken.log.aria_snapshot()
    assert office.chatwoot.resolves(number) == 200
    expect(taken.answers.last).to_contain_text("Je suis de nouveau là")
    expect(taken.page.get_by_role("status")).to_have_text("")
    expect(taken.button("Reprendre l'assistant")).to_be_hidden()
    assert "1990" in taken.ask(WHEN)


def test_the_visitor_takes_the_chat_back_by_a_button(taken: Chat, office: Office) -> None:
    taken.button("Reprendre l'assistant").click()
    expect(taken.answers.last).to_contain_text("La personne ne lit plus ce que vous écrivez.")
    expect(taken.page.get_by_role("status")).to_have_text("")
    assert office.chatwoot.talk().status == "resolved"


def test_after_a_reload_and_in_another_tab_the_person_is_still_there_once(taken: Chat, office: Office) -> None:
    taken.page.reload()
    taken.launcher.click()
    expect(taken.page.get_by_role("status")).to_have_text("Une personne vous répond.")
    other = visit(taken.page.context, office.assistant.url).open()
    expect(other.page.get_by_role("status")).to_have_text("Une personne vous répond.")
    office.chatwoot.answers(office.chatwoot.newest, "Me voici.")
    for chat in (taken, other):
        expect(chat.page.locator("assistant-oim .said.person")).to_have_text(["Une personne : Me voici."])


def test_erased_the_chat_says_what_stays_with_the_person(taken: Chat, office: Office) -> None:
    taken.button("Effacer la conversation").click()
    expect(taken.log).to_contain_text(
        "La conversation est effacée, ici et sur notre serveur. Ce que la personne a déjà"
    )
    expect(taken.page.get_by_role("status")).to_have_text("")
    assert office.chatwoot.talk().status == "resolved"
    assert "1990" in taken.ask(WHEN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_person_answers(browser: Browser, office: Office, scheme: str) -> None:
    context = browser.new_context(locale="fr-FR", bypass_csp=True, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    chat = take_over(visit(context, office.assistant.url))
    office.chatwoot.answers(office.chatwoot.newest, "Bonjour, voyez https://www.iom.int/")
    expect(chat.page.locator("assistant-oim .said.person")).to_have_count(1)
    rules = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    assert Axe().run(chat.page, options=rules).response["violations"] == []
    context.close()
