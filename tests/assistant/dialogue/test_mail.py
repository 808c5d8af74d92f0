"""The link of an e-mail made ready is one of RFC 6068, whatever stands in it."""

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from assistant.dialogue.mail import mailto

HARD = 'Où ? « a & b » = 100 % #1 + (c) \\ [d](javascript:x) "é" <b> œ\nensuite 🙂'


@pytest.mark.parametrize("address", ["aamaya@iom.int", "a+b@exemple.org", "a&b?c=d@exemple.org"])
def test_a_link_says_again_what_it_was_made_of(address: str) -> None:
    parts = urlsplit(mailto(address, HARD, HARD))
    assert (parts.scheme, unquote(parts.path)) == ("mailto", address)
    fields = dict(pair.split("=") for pair in parts.query.split("&"))
    assert {name: unquote(value).replace("\r\n", "\n") for name, value in fields.items()} == {
        "subject": HARD,
        "body": HARD,
    }
    assert parts.fragment == ""


def test_lines_end_as_in_e_mails_and_blanks_are_no_plus_signs() -> None:
    link = mailto("a@exemple.org", "a b", "c\nd")
    assert link == "mailto:a@exemple.org?subject=a%20b&body=c%0D%0Ad"


def test_nothing_in_a_link_ends_the_markup_around_it() -> None:
    assert not set("()[]<>\"' \n") & set(mailto("a@exemple.org", HARD, HARD))


def test_without_a_text_there_is_no_field_for_it() -> None:
    assert parse_qsl(urlsplit(mailto("a@exemple.org", "Question")).query) == [("subject", "Question")]
