"""An answer says no more than its quotes: numbers, names, hedges, years; it is short, whole and in good French."""

import re

import pytest

from assistant.knowledge.records import Contact, Fact
from assistant.settings import ROOT
from tests.content.corpus import knowledge, passage, statements

FACTS = pytest.mark.parametrize("fact", statements(knowledge()), ids=lambda fact: fact.id)

#: Names that an answer may have though its quotes do not, and why.
ALLOWED_NAMES = {
    "OIM": "the publisher, whom every fact is about",
    "États": "the source writes « Etats »; French puts the accent on capitals",
}
#: Numbers in words that count what the quotes list, and in how many quoted passages they find it.
COUNTS = {
    ("structure.adjointes", "deux"): "Directrice générale adjointe",
    ("structure.bureaux", "trois"): "Bureau d",
}
NUMBER_WORDS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "vingt", "mille", "million")

WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:[^\W\d_]+)?")
#: The word that begins each sentence.
FIRST_WORD = re.compile(r"(?:^|[.?!] )[^\w]*([^\W\d_]+)")
CONDITIONAL = re.compile(r"\b\w{2,}(?:r|er|ir)ai(?:t|ent)\b")
NO_CONDITIONAL = {"attrait", "extrait", "portrait", "retrait", "trait"}


def quotes_of(record: Fact | Contact) -> str:
    return passage(" ".join(record.quotes))


def conditionals(text: str) -> set[str]:
    return set(CONDITIONAL.findall(text.lower())) - NO_CONDITIONAL


@pytest.mark.parametrize("record", [*statements(knowledge()), *knowledge().contacts], ids=lambda record: record.id)
def test_each_quote_stands_word_for_word_in_its_source(record: Fact | Contact) -> None:
    source = knowledge().sources[record.source]
    text = passage((ROOT / "knowledge" / source.file).read_text("utf-8"))
    assert [quote for quote in record.quotes if passage(quote) not in text] == []


@FACTS
def test_each_number_of_an_answer_stands_in_its_quotes(fact: Fact) -> None:
    assert set(NUMBER.findall(fact.answer)) <= set(NUMBER.findall(quotes_of(fact)))


@FACTS
def test_a_number_in_words_stands_in_the_quotes_or_counts_what_they_list(fact: Fact) -> None:
    quotes = quotes_of(fact)
    for word in set(WORD.findall(fact.answer.lower())) & set(NUMBER_WORDS) - set(WORD.findall(quotes.lower())):
        listed = COUNTS.get((fact.id, word))
        assert listed, f"« {word} » is not in the quotes"
        assert quotes.count(listed) == NUMBER_WORDS.index(word) + 2


@FACTS
def test_no_year_of_an_answer_is_invented(fact: Fact) -> None:
    year = re.compile(r"(?<!\d)\d{4}(?!\d)")
    assert set(year.findall(fact.answer)) <= set(year.findall(quotes_of(fact)))


@FACTS
def test_each_proper_name_of_an_answer_stands_in_its_quotes_or_names_its_subject(fact: Fact) -> None:
    subject = knowledge().subjects[fact.subject]
    known = set(WORD.findall(" ".join([quotes_of(fact), subject.name, *subject.names]))) | set(ALLOWED_NAMES)
    # « L'OIM » at the start of a sentence: its first word is the article, an acronym counts wherever it stands.
    names = {word for word in WORD.findall(FIRST_WORD.sub("", fact.answer)) if word[0].isupper()}
    acronyms = {word for word in WORD.findall(fact.answer) if len(word) > 1 and word.isupper()}
    assert names | acronyms <= known


@FACTS
@pytest.mark.parametrize(
    ("in_quotes", "in_answer"),
    [
        (r"\benviron\b", r"\benviron\b"),
        (r"\bla plupart\b", r"\bla plupart\b"),
        (r"\bvisant\b", r"\b(?:vise|visent|visant|visait|visaient)\b"),
        (r"\bproposition\b", r"\bpropos"),
    ],
    ids=["environ", "la plupart", "visant", "proposition"],
)
def test_each_hedge_of_the_quotes_stands_in_the_answer(fact: Fact, in_quotes: str, in_answer: str) -> None:
    if re.search(in_quotes, quotes_of(fact), re.IGNORECASE):
        assert re.search(in_answer, fact.answer, re.IGNORECASE), fact.answer


@FACTS
def test_what_the_quotes_say_in_the_conditional_the_answer_does_too(fact: Fact) -> None:
    if conditionals(quotes_of(fact)):
        assert conditionals(fact.answer), fact.answer


@FACTS
def test_an_answer_has_at_most_350_characters_unless_it_is_marked_long(fact: Fact) -> None:
    assert fact.long or len(fact.answer) <= 350


def test_only_the_quoted_words_of_a_person_are_marked_long() -> None:
    for fact in statements(knowledge()):
        if fact.long:
            said = re.search(r"« (.{200,}) »", fact.answer)
            assert said, f"{fact.id} is long and quotes nobody"
            assert said[1] in quotes_of(fact).replace("’", "'")


@FACTS
def test_an_answer_is_whole_sentences_on_one_line(fact: Fact) -> None:
    assert re.match(r"(?:« )?[A-ZÀÂÇÉÈÊÎÔÛŒ]", fact.answer), "begins with a capital"
    assert fact.answer.endswith((".", "!", "?")), "ends with a full stop"
    assert "\n" not in fact.answer
    assert "  " not in fact.answer
    assert fact.answer.count("«") == fact.answer.count("»")
    assert fact.answer.count("(") == fact.answer.count(")")


@FACTS
def test_the_question_of_a_fact_is_a_question(fact: Fact) -> None:
    assert re.match(r"[A-ZÀÂÇÉÈÊÎÔÛŒ].* \?$", fact.question)
