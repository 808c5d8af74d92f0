"""Words that sound alike in French get one spelling; words that do not, do not."""

import pytest

from assistant.understanding.phonetics import sounds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kel misssion", "quelle mission"),
        ("kel est la misssion", "quelle est la mission"),  # the example of its docstring
        ("seux", "ceux"),
        ("anbassade", "ambassade"),
        ("pijon", "pigeon"),
        ("sekretaria", "secretariat"),
        ("buro", "bureau"),
        ("foto", "photo"),
        ("presidant", "president"),
        ("orgnisasion", "orgnisation"),
        ("jenre", "genre"),
        ("koi", "quoi"),
        ("istoire", "histoire"),
        ("reunion", "reunions"),
    ],
)
def test_what_sounds_alike_is_alike(written: str, meant: str) -> None:
    assert sounds(written) == sounds(meant)


@pytest.mark.parametrize(("one", "other"), [("ou", "oui"), ("quand", "combien"), ("ocam", "oim"), ("pays", "paix")])
def test_what_sounds_otherwise_is_not(one: str, other: str) -> None:
    assert sounds(one) != sounds(other)


@pytest.mark.parametrize("word", ["est", "et", "es", "s", "d", "h", "e", "zz"])
def test_no_word_is_lost(word: str) -> None:
    """Words of silent letters only: the words of a text keep their places."""
    assert len(sounds(f"oim {word} ocam").split()) == 3


def test_nothing_sounds_like_nothing() -> None:
    assert sounds("") == ""
