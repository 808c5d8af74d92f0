"""The classifier, trained on a few questions."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import hstack

from assistant.understanding.classifier import Classifier, kind_of, language_of
from assistant.understanding.features import Featurizer
from assistant.understanding.normalise import normalise

EXAMPLES = [
    ("Quand l'OCAM a-t-elle été créée ?", "fait/ocam.date_creation"),
    ("En quelle année est née l'OCAM ?", "fait/ocam.date_creation"),
    ("Où l'OCAM a-t-elle été créée ?", "fait/ocam.lieu_creation"),
    ("Dans quelle ville est née l'OCAM ?", "fait/ocam.lieu_creation"),
    ("Quel est le budget de l'OCAM ?", "inconnu/ocam.definition"),
    ("Combien coûte l'OCAM ?", "inconnu/ocam.definition"),
    ("mon mari me frappe", "detresse/fr"),
    ("on m'a enfermée", "detresse/fr"),
    ("mi marido me pega", "detresse/es"),
    ("me han encerrado", "detresse/es"),
    ("¿Qué es la organización?", "autre_langue/es"),
    ("¿Dónde está la oficina?", "autre_langue/es"),
    ("bonjour", "salutation"),
    ("bonsoir à vous", "salutation"),
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    texts, labels = zip(*EXAMPLES, strict=True)
    return Classifier.train(texts, labels)


def test_what_was_learnt_is_ranked_first_with_probabilities_that_add_up(classifier: Classifier) -> None:
    ranked = classifier.rank("en quelle annee est nee l'ocam", len(classifier.labels))
    assert ranked[0][0] == "fait/ocam.date_creation"
    assert sum(score for _, score in ranked) == pytest.approx(1, abs=1e-5)


def test_the_best_of_a_row_of_scores_come_first(classifier: Classifier) -> None:
    """Scores that were weighed since: what a follow-up is ranked by."""
    scores = np.zeros(len(classifier.labels), np.float32)
    for label, score in (("salutation", 0.25), ("detresse/fr", 0.75)):
        scores[classifier.labels.index(label)] = score
    assert classifier.best(scores, 2) == [("detresse/fr", 0.75), ("salutation", 0.25)]
    assert len(classifier.best(scores, 99)) == len(classifier.labels)


def test_phone_spelling_without_accents_is_understood(classifier: Classifier) -> None:
    assert classifier.rank("kan locam a ete cree", 1)[0][0] == "fait/ocam.date_creation"


def test_language_is_told(classifier: Classifier) -> None:
    assert classifier.language("¿Qué es la oficina?")[0] == "es"
    assert classifier.language("Dans quelle ville est né mon mari ?")[0] == "fr"


def test_a_script_that_was_never_learnt_is_another_language_not_french(classifier: Classifier) -> None:
    assert classifier.language("ОИМ что это такое (OIM) ?") == ("autre", 1.0)
    assert classifier.language("quand ?")[0] == "fr"


def test_what_takes_something_for_true_is_told_by_its_wording(tmp_path: Path) -> None:
    more = [
        ("L'OCAM a été créée au Guatemala, non ?", "fait/ocam.lieu_creation"),
        ("l'OCAM est née en 1985, non ?", "fait/ocam.date_creation"),
    ]
    texts, labels = zip(*EXAMPLES, *more, strict=True)
    premises = [False] * len(EXAMPLES) + [True] * len(more)
    Classifier.train(texts, labels, premises=premises).save(tmp_path)
    trained = Classifier.load(tmp_path)
    assert trained.premise("L'OCAM a été créée en 1999, non ?") > 0 > trained.premise("Quand est née l'OCAM ?")


def test_where_nothing_was_learnt_of_premises_nothing_sounds_like_one(classifier: Classifier) -> None:
    assert classifier.premise("L'OCAM est née en 1985, non ?") < 0


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("xz pfrt glub zzk", True),
        ("xz pfrt quand", True),
        ("xz quand est née", False),
        ("xz pfrt", True),
        ("xz quand", False),  # one word may be a name or a typing error
        ("xz", False),
        ("", False),
    ],
)
def test_words_that_were_never_learnt_are_gibberish(classifier: Classifier, text: str, whether: bool) -> None:
    assert classifier.gibberish(text) is whether


def test_a_saved_model_gives_the_same_scores(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    texts = [text for text, _ in EXAMPLES] + ["", "jamais vu"]
    assert np.allclose(Classifier.load(tmp_path).scores(texts), classifier.scores(texts))


def test_a_model_holds_no_pickle(classifier: Classifier, tmp_path: Path) -> None:
    classifier.save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".json", ".marisa", ".npy", ".npz"}


def test_the_same_data_gives_the_same_model(classifier: Classifier) -> None:
    texts, labels = zip(*EXAMPLES, strict=True)
    assert np.allclose(Classifier.train(texts, labels).scores(texts), classifier.scores(texts), atol=1e-5)


def test_a_text_of_nothing_known_does_not_fail(classifier: Classifier) -> None:
    for text in ("", "🙂", "ßßß", "?!"):
        assert np.isfinite(classifier.scores([text])).all()


def test_vectors_are_those_of_scikit_learn_with_their_columns_in_another_order() -> None:
    texts = [text for text, _ in EXAMPLES]
    featurizer = Featurizer().fit(texts)
    others = texts[::-1]  # those that were learnt are kept, and would not be computed anew
    reference = hstack([part.transform([normalise(text) for text in others]) for part in featurizer._parts]).tocsr()
    ours = featurizer.transform(others)
    assert ours.shape == reference.shape
    assert abs(ours @ ours.T - reference @ reference.T).max() < 1e-5
    assert np.allclose(np.sort(ours.sum(axis=0)), np.sort(reference.sum(axis=0)), atol=1e-5)
    assert abs(ours - featurizer.fit(texts).transform(texts)[::-1]).max() < 1e-5


def test_kinds_and_languages_of_labels() -> None:
    assert [kind_of(label) for label in ("fait/a.b", "contact", "inconnu/a.b", "detresse/es", "merci")] == [
        "fait",
        "fait",
        "inconnu",
        "detresse",
        "conversation",
    ]
    assert [language_of(label) for label in ("fait/a.b", "detresse/es", "autre_langue/ar", "merci")] == [
        "fr",
        "es",
        "ar",
        "fr",
    ]
