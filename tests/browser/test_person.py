"""A visitor asks for a person."""

from urllib.parse import parse_qs, urlsplit

from conftest import Chat
from playwright.sync_api import expect

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
