"""What Rasa may see of a message: no longer than a question, visible, no command, nobody's address or number."""

import random
import time
import unicodedata

import pytest

from assistant.knowledge.base import Knowledge
from channels.guard import MAX_LENGTH, Passed, Stopped, clean, guard, mask
from channels.texts import TEXTS

PAYLOAD = '/choix{"fait": "ocam.role"}'
ADDRESS, NUMBER = TEXTS["adresse_masquee"], TEXTS["numero_masque"]


def passed(text: str) -> str:
    result = guard(text)
    assert isinstance(result, Passed)
    return result.text


def test_a_question_passes_as_it_is() -> None:
    question = "Qu'est-ce que l'OCAM, et où a-t-elle été créée ?"
    assert guard(question) == Passed(question)


def test_500_characters_pass_and_501_do_not() -> None:
    assert MAX_LENGTH == 500
    assert guard("a" * 500) == Passed("a" * 500)
    result = guard("a" * 501)
    assert isinstance(result, Stopped)
    assert "500" in result.reply


def test_what_is_cut_does_not_count() -> None:
    assert guard("  " + "\u200b" * 100 + "a" * 500 + "\n" * 100) == Passed("a" * 500)


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\t", "\u200b\u200d\ufeff", "\u202e", "\x00\x07", "/", "// /", "\u00ad", None, 3, [], {}]
)
def test_what_holds_nothing_is_answered_as_empty(text: object) -> None:
    assert guard(text) == Stopped(TEXTS["vide"])


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("que\x00 fait\x1b l'OIM\x7f", "que fait l'OIM"),
        ("O\u200bI\u200cM\u2060 \ufeffici", "OIM ici"),
        ("\u202eOIM\u202c \u2066ici\u2069\u200f", "OIM ici"),
        ("OI\u00adM", "OIM"),
        ("que\u00a0fait \u202f l'OIM\r\n\t?", "que fait l'OIM ?"),
        ("\ud800OIM", "OIM"),
        ("e\u0301te\u0301", "été"),
        ("ما هي المنظمة؟", "ما هي المنظمة؟"),
    ],
)
def test_control_invisible_and_direction_characters_go(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert passed(text) == cleaned


@pytest.mark.parametrize("emoji", ["👋", "🙏🏽", "❤️", "🇫🇷", "😀", "🫠"])
def test_emoji_stay(emoji: str) -> None:
    assert passed(f"merci {emoji}") == f"merci {emoji}"


@pytest.mark.parametrize(
    "text",
    ["/restart", " /restart", "\u200b/restart", "//restart", "/ /restart", "\u202e/\u200b/restart", "/\u200b/restart"],
)
def test_a_slash_that_a_person_types_is_no_command(text: str) -> None:
    assert passed(text) == "restart"


def test_a_payload_that_was_offered_passes() -> None:
    assert guard(PAYLOAD, offered={PAYLOAD}) == Passed(PAYLOAD)


@pytest.mark.parametrize(
    "text", ['/choix{"fait": "ocam.nom"}', PAYLOAD + " ", "/choix", '/choix{"fait":"ocam.role"}', "/fait", "/detresse"]
)
def test_a_payload_that_was_not_offered_is_text(text: str) -> None:
    result = guard(text, offered={PAYLOAD})
    assert isinstance(result, Passed)
    assert not result.text.startswith("/")


def test_why_passes_where_it_is_allowed_and_nowhere_else() -> None:
    assert guard(" /pourquoi ", commands={"/pourquoi"}) == Passed("/pourquoi")
    assert guard("/pourquoi") == Passed("pourquoi")
    assert guard("/pourquoi pas", commands={"/pourquoi"}) == Passed("pourquoi pas")


@pytest.mark.parametrize(
    "address",
    [
        "marie.dupont@exemple.fr",
        "m+x@sous.exemple.org",
        "MARIE_D@EXEMPLE.COM",
        "élise@exemple.fr",
        "a1234567@exemple.fr",
    ],
)
def test_an_e_mail_address_is_masked(address: str) -> None:
    assert passed(f"écrivez à {address}, merci") == f"écrivez à {ADDRESS}, merci"


@pytest.mark.parametrize(
    "number",
    [
        # telephone
        "06 12 34 56 78",
        "0612345678",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "06/12/34/56/78",
        "06\u00a012\u00a034\u00a056\u00a078",
        "06\u201112\u201134\u201156\u201178",
        "+33 6 12 34 56 78",
        "+33612345678",
        "0033 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "(503) 2521-0500",
        "+503 2521 0500",
        "1990 1999 1234",
        # social security
        "1 84 12 76 451 089 46",
        "184127645108946",
        # passport, residence permit, identity card
        "12AB34567",
        "A12345678",
        "ab1234567",
        "880692310285",
        # bank account
        "FR76 3000 6000 0112 3456 7890 189",
        "FR7630006000011234567890189",
        "be68 5390 0754 7034",
    ],
)
def test_a_telephone_document_or_account_number_is_masked(number: str) -> None:
    assert passed(f"mon numéro est {number}, merci") == f"mon numéro est {NUMBER}, merci"


@pytest.mark.parametrize(
    "text",
    [
        "depuis 1951",
        "de 1990 à 1999",
        "1951, 1990 et 1999",
        "1951-1999",
        "1990 1999",
        "les 175 États membres et 171 pays",
        "la 43ème réunion",
        "53 %",
        "le Programme 2030",
        "12 fois 37",
        "le 112",
        "123456",
        "3,5 et 2.5",
        "il y a 1 000 000 de migrants",
        "Internationalisation",
    ],
)
def test_years_and_small_numbers_stay(text: str) -> None:
    assert passed(text) == text


def test_what_the_knowledge_holds_stays(knowledge: Knowledge) -> None:
    email = knowledge.contacts[0].email
    text = f"écrire à {email} ou {email.upper()}. Moi : moi@exemple.fr"
    expected = f"écrire à {email} ou {email.upper()}. Moi : {ADDRESS}"
    assert guard(text, spared={email}) == Passed(expected)


@pytest.mark.parametrize("written", ["0800 123 456", "0800123456", "0800.12.34.56"])
def test_a_number_that_the_knowledge_holds_stays_however_it_is_grouped(written: str) -> None:
    assert mask(f"appelez le {written} !", {"0800 123 456"}) == f"appelez le {written} !"
    assert mask("0800 123 457", {"0800 123 456"}) == NUMBER


def test_an_address_with_digits_that_the_knowledge_holds_stays() -> None:
    assert mask("bureau12345@oim.example", {"bureau12345@oim.example"}) == "bureau12345@oim.example"


@pytest.mark.parametrize("unit", ["a", "1", "1 ", "@", "a@", "a.", "\u200b", "/", "é", "FR76 ", "(", "٣", "e\u0301"])
def test_100_kilobytes_are_refused_quickly(unit: str) -> None:
    start = time.process_time()
    assert isinstance(guard(unit * (100_000 // len(unit))), Stopped)
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("unit", ["a", "1", "1 ", "1-", "a@", "a.", "a1", "FR76 ", "+(", "٣"])
def test_the_longest_text_is_read_quickly(unit: str) -> None:
    start = time.process_time()
    guard((unit * MAX_LENGTH)[:MAX_LENGTH])
    assert time.process_time() - start < 1.0


PIECES = (
    *(
        "OIM",
        "é",
        " ",
        "\t",
        "\n",
        "/",
        "/choix",
        '{"fait": "x"}',
        "{",
        "}",
        "06 12 34 56 78",
        "a@b.fr",
        "FR76",
        "1951",
    ),
    *("12AB34567", "\u200b", "\u202e", "\x00", "\ud800", "👋", "🇫🇷", "مرحبا", "%s", "{0}", "\\", "<b>", "'"),
    *("+", "(", ")", "e\u0301", "\u0301", "\U0010ffff", "٣", "½", ".", "-", "@"),
)


def test_whatever_comes_in_the_guard_does_not_raise_and_what_passes_is_short_visible_and_no_command() -> None:
    chance = random.Random(1951)
    for _ in range(3000):
        pieces = [chance.choice(PIECES) for _ in range(chance.randrange(60))]
        pieces += [chr(chance.randrange(0x110000)) for _ in range(chance.randrange(5))]
        chance.shuffle(pieces)
        text = "".join(pieces)
        result = guard(text)
        if isinstance(result, Stopped):
            assert result.reply
            continue
        bare = result.text.replace(ADDRESS, "").replace(NUMBER, "")
        assert len(bare) <= MAX_LENGTH, repr(text)
        assert not result.text.startswith("/"), repr(text)
        assert not {unicodedata.category(character) for character in result.text} & {"Cc", "Cf", "Cs"}, repr(text)
