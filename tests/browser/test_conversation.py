"""A visitor asks, follows up, chooses, reloads."""

from conftest import Chat
from playwright.sync_api import expect

SOURCE = (
    "Source : « L'OIM lance une initiative visant à protéger les femmes migrantes en Amérique centrale », "
    "site en français de l'OIM"
)


def test_an_answer_is_shown_with_its_source_apart(chat: Chat) -> None:
    chat.open()
    assert "1990" in chat.ask("Quand l'OCAM a-t-elle été créée ?")
    expect(chat.answers.last.locator(".source")).to_have_text(SOURCE)


def test_a_follow_up_is_understood(chat: Chat) -> None:
    chat.open().ask("Quand l'OCAM a-t-elle été créée ?")
    assert "San Jose" in chat.ask("et où ?")


def test_a_choice_shows_its_title_and_is_answered(chat: Chat) -> None:
    chat.open().ask("création")
    choice = chat.log.locator(".choices button").first
    title = choice.inner_text()
    choice.click()
    expect(chat.log.locator(".visitor").last).to_contain_text(title)
    expect(chat.answers.last.locator(".source")).to_be_visible()
    expect(chat.log.locator(".choices button")).to_have_count(0)
    assert "/choix" not in chat.log.inner_text()
