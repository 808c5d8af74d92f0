"""The shape of a message."""

import pytest

from assistant.understanding.shape import ShapeFeaturizer, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C'est quoi l'OCAM ? Et l'OIM, elle date de 1951 ?", "^ c est quoi l x ? et l x , elle date de 0 ? $"),
        ("C’est quoi l’OIM", "^ c est quoi l x $"),
        ("kan é où ???", "^ quand e où ? $"),
        ("une ONG ou l'ONU", "^ une x ou l x $"),
        ("", "^ $"),
        ("🙂", "^ $"),
    ],
)
def test_what_a_message_is_about_is_left_out_of_its_shape(text: str, expected: str) -> None:
    assert shape(text) == expected


def test_messages_of_one_shape_have_one_vector() -> None:
    texts = ["Où est née l'OCAM ?", "Où est basé le SICA ?", "Où est né M. Pisani ?", "Où est née l'OIM ?"]
    vectors = ShapeFeaturizer().fit(texts).vectors(["Où est née l'OIM ?", "Où est morte l'OCAM ?"])
    assert (vectors[0] != vectors[1]).nnz == 0
