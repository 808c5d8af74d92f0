"""The question sets, `evaluation/questions/<half>/<kind>.yml`, written apart from the training data: read strictly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.dialogue.decide import ERASURE, SMALL_TALK
from assistant.knowledge.base import Knowledge
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.yaml_files import Document, Location, read_yaml
from assistant.names import CONTACT

FOLDER = Path(__file__).with_name("questions")
HALVES = ("dev", "sealed")
REGISTERS = ("formel", "courant", "verbeux", "sms", "mots_cles", "non_natif", "fautes")
CONVERSATIONS = "conversations"

#: What a message of distress and a request to repeat are called where one word says what is expected.
DISTRESS = "detresse"
REPEAT = "repeter"
TOPICS = SMALL_TALK | {ERASURE, REPEAT}


@dataclass(frozen=True)
class Question:
    """One message and what it accepts.

    Attributes:
        text: the message.
        half: `dev`, whose misses are shown, or `sealed`, of which only figures are.
        kind: the name of its file: `faits`, `voisins`, `detresse`, ...
        accepted: for each answer that is right, in order, the ids of the facts that will do (`contact` for
            the contact); empty where no fact is right.
        topics: the small talk that it may be taken for, or `detresse`.
        register: how it is written: `formel`, `sms`, ...
        before: the messages of its conversation before it.
    """

    text: str
    half: str
    kind: str
    accepted: tuple[tuple[str, ...], ...] = ()
    topics: tuple[str, ...] = ()
    register: str | None = None
    before: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of all facts that it accepts, the best first."""
        return tuple(dict.fromkeys(fact for part in self.accepted for fact in part))


#: The messages that one person sends in turn; most are a single one.
Conversation = tuple[Question, ...]

#: The accepted facts and the topics, and what reads them from a row; a ValueError is one line in French.
_Expected = tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]
_Reader = Callable[[Any, Knowledge], _Expected]


def read_questions(
    knowledge: Knowledge, half: str, kinds: tuple[str, ...] = (), folder: Path = FOLDER
) -> list[Conversation]:
    """Return the questions of a half, each as a conversation of its own.

    Args:
        knowledge: what the ids of facts are looked up in.
        half: `dev` or `sealed`.
        kinds: the files to read; all, if empty. A file that is not there has no questions.
        folder: where the halves are.

    Raises:
        KnowledgeError: a file is no such list, or a row of it is wrong; the message has file, line and what to do.
    """
    found: list[Conversation] = []
    for path in sorted((folder / half).glob("*.yml")):
        if path.stem not in _EXPECTED:
            known = ", ".join(f"{kind}.yml" for kind in _EXPECTED)
            raise KnowledgeError(path, f"ce nom de fichier n'est pas connu ; renommez-le. Noms connus : {known}.")
        if not kinds or path.stem in kinds:
            found += _file(read_yaml(path), half, path.stem, knowledge)
    return found


def _file(document: Document, half: str, kind: str, knowledge: Knowledge) -> list[Conversation]:
    key = CONVERSATIONS if kind == CONVERSATIONS else "questions"
    _only(document, (), document.content, {key})
    conversations, seen = [], set()
    for location, row in _rows(document, (key,), document.content.get(key)):
        turns = [(location, row)]
        if kind == CONVERSATIONS:
            _only(document, location, row, {"tours"})
            turns = list(_rows(document, (*location, "tours"), row.get("tours")))
        conversation: Conversation = ()
        for place, turn in turns:
            blank = Question("", half, kind, before=tuple(question.text for question in conversation))
            question = _question(document, place, turn, blank, knowledge)
            conversation += (_said_again(question, conversation),)
        if key_of(conversation[-1]) in seen:
            raise _error(document, location, "cette question est écrite deux fois ; gardez-en une.")
        seen.add(key_of(conversation[-1]))
        conversations.append(conversation)
    return conversations


def key_of(question: Question) -> tuple[str, ...]:
    """Return what makes a question the same one: its half, kind and text, and what was said before it."""
    return (question.half, question.kind, *question.before, question.text)


def _question(
    document: Document, location: Location, row: dict[str, Any], blank: Question, knowledge: Knowledge
) -> Question:
    """Return the question of a row, filled into one that has its half, its kind and what was said before."""
    _only(document, location, row, {"question", "registre", "langue", "attendu"})
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise _error(document, (*location, "question"), "il faut ici un texte ; écrivez la question entre guillemets.")
    register = row.get("registre")
    if register not in {None, *REGISTERS}:
        problem = f"ce registre n'est pas connu ; prenez l'un de : {', '.join(REGISTERS)}."
        raise _error(document, (*location, "registre"), problem)
    if not isinstance(row.get("langue", "fr"), str):
        raise _error(document, (*location, "langue"), "il faut ici deux lettres (es, en, ...) ou « autre ».")
    try:
        accepted, topics = _EXPECTED[blank.kind](row.get("attendu"), knowledge)
    except ValueError as error:
        raise _error(document, (*location, "attendu"), str(error)) from None
    return replace(blank, text=text, accepted=accepted, topics=topics, register=register)


def _said_again(question: Question, conversation: Conversation) -> Question:
    """Return a turn of a conversation: who asks to hear a fact again accepts that fact."""
    if REPEAT in question.topics and conversation and conversation[-1].accepted:
        return replace(question, accepted=conversation[-1].accepted, topics=())
    return question


def _some_fact(expected: Any, knowledge: Knowledge) -> _Expected:
    if expected == [] or not isinstance(expected, list):
        raise ValueError("il faut ici la liste des faits qui répondent : [sujet.attribut, ...].")
    return _facts_if_any(expected, knowledge)


def _facts_if_any(expected: Any, knowledge: Knowledge) -> _Expected:
    if not isinstance(expected, list):
        raise ValueError("il faut ici la liste des faits qui répondent : [sujet.attribut, ...], ou [] sans réponse.")
    for fact in expected:
        if fact != CONTACT and fact not in knowledge.facts:
            raise ValueError(f"le fait « {fact} » n'existe pas ; corrigez son identifiant.")
    return (tuple(expected),) if expected else (), ()


def _no_fact(expected: Any, knowledge: Knowledge) -> _Expected:
    if expected not in (None, []):
        raise ValueError("aucun fait ne répond aux questions de ce fichier ; écrivez « attendu: [] ».")
    return (), ()


def _distress(expected: Any, knowledge: Knowledge) -> _Expected:
    return _no_fact(expected, knowledge)[0], (DISTRESS,)


def _small_talk(expected: Any, knowledge: Knowledge) -> _Expected:
    words = _words(expected)
    if not words or not words <= TOPICS:
        raise ValueError(f"il faut ici un mot : {', '.join(sorted(TOPICS))}.")
    return (), tuple(sorted(words))


def _two_answers(expected: Any, knowledge: Knowledge) -> _Expected:
    if not isinstance(expected, list) or len(expected) != 2:
        raise ValueError("il faut ici deux listes, dans l'ordre des questions : [[sujet.attribut], [sujet.attribut]].")
    return tuple(part for facts in expected for part in _some_fact(facts, knowledge)[0]), ()


def _turn(expected: Any, knowledge: Knowledge) -> _Expected:
    words = _words(expected)
    if words == {DISTRESS}:
        return (), (DISTRESS,)
    of_facts = isinstance(expected, list) and not words & TOPICS
    return (_facts_if_any if of_facts else _small_talk)(expected, knowledge)


def _words(expected: Any) -> set[str]:
    """Return the words of a row that has one, or a list of them."""
    return {str(word) for word in (expected if isinstance(expected, list) else [expected])}


#: What the rows of each file expect.
_EXPECTED: dict[str, _Reader] = {
    "faits": _some_fact,
    "voisins": _no_fact,
    "passages": _some_fact,
    "passages_voisins": _no_fact,
    "hors_sujet": _no_fact,
    "langues": _no_fact,
    "charabia": _no_fact,
    "bavardage": _small_talk,
    "detresse": _distress,
    "violence_info": _facts_if_any,
    "premisses": _some_fact,
    "doubles": _two_answers,
    "simples": _facts_if_any,
    CONVERSATIONS: _turn,
}


def _rows(document: Document, location: Location, rows: Any) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Yield the rows of a list with their places."""
    if not isinstance(rows, list) or not rows:
        raise _error(document, location, "il faut ici une liste, dont chaque élément commence par un tiret.")
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise _error(document, (*location, number), "il faut ici des clés et leurs valeurs (« question: ... »).")
        yield (*location, number), row


def _only(document: Document, location: Location, mapping: dict[str, Any], keys: set[str]) -> None:
    """Stop at a key that does not exist."""
    for name in mapping:
        if name not in keys:
            problem = f"cette clé n'existe pas ici ; clés permises : {', '.join(sorted(keys))}."
            raise _error(document, (*location, name), problem)


def _error(document: Document, location: Location, problem: str) -> KnowledgeError:
    key = next((str(part) for part in reversed(location) if isinstance(part, str)), None)
    return KnowledgeError(document.path, problem, document.line(location), key)
