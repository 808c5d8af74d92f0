"""Reading replies back: from what a visitor sees to what it counts as. Pure functions."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.dialogue.decide import PRIVACY, SMALL_TALK
from assistant.dialogue.wording import CHOICE_ENTITY, CHOICE_INTENT, PASSAGE_LEAD, SOURCE_LINE, contact_text
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT
from channels.texts import TEXTS
from evaluation.outcomes import PASSAGE, STOPPED, WITH_CHOICES, Outcome, Outcomes, same_answer, stated_in, topic_of
from evaluation.responses import Responses

_VARIABLE = re.compile(r"\\?\{\w+\\?\}")
_PREFIX = "utter_"
#: What a response counts as, by the start of its name.
_KINDS = {
    "detresse_": "distress",
    "autre_langue_": "other_language",
    "refus": "refusal",
    "hors_sujet": "off_topic",
    "choix": "choices",
    "preciser": "clarify",
    "effacement": "erasure",
    "rien_a_repeter": "nothing_to_repeat",
    "ecrire": "write_to",
    "autrement": "write_to",
}
_REFUSALS = frozenset({"refusal", "off_topic"})
#: What the guard says to a message that it stops.
_STOPS = ("vide", "trop_long")


class UnreadableReplyError(Exception):
    """A reply that is none of those that the assistant gives; the message shows it, in French."""


class ReplyReader:
    """Reads the replies of an assistant that has this knowledge and these responses."""

    def __init__(self, knowledge: Knowledge, responses: Responses) -> None:
        self._knowledge = knowledge
        self._openings = tuple(
            _VARIABLE.split(text)[0] for name, texts in responses.items() if _kind(name) in _REFUSALS for text in texts
        )
        stops = {f"{_PREFIX}{STOPPED}": tuple(TEXTS[name] for name in _STOPS)}
        patterns = [(_pattern(text), name) for name, texts in {**responses, **stops}.items() for text in texts]
        # The most precise one first: « Ma source ne donne pas … » has others in it.
        self._patterns = sorted(patterns, key=lambda pattern: -len(pattern[0].pattern))

    def read(self, messages: Sequence[Mapping[str, Any]]) -> Outcomes:
        """Return what the messages of one turn, in Rasa's REST format, count as.

        Raises:
            UnreadableReplyError: there is none, or one is not known.
        """
        outcomes = tuple(self._outcome(message) for message in messages)
        if not outcomes:
            raise UnreadableReplyError("L'assistant n'a rien répondu.")
        return outcomes

    def _outcome(self, message: Mapping[str, Any]) -> Outcome:
        text = str(message.get("text", ""))
        said, _, source = text.rpartition("\n")
        outcome = self._quoted(said) if source.startswith(SOURCE_LINE) else self._fixed(text, message)
        if outcome is None:
            raise UnreadableReplyError(f"Cette réponse n'est d'aucune sorte connue : « {text} »")
        return outcome

    def _quoted(self, said: str) -> Outcome | None:
        """Return what a text above a source counts as: a fact, a sentence or a contact, or a refusal that quotes."""
        readings = [reading for fact in self._knowledge.facts.values() for reading in fact.readings]
        facts = [reading for reading in readings if reading.answer in said]
        contact = any(contact_text(contact) in said for contact in self._knowledge.contacts)
        if said.startswith(self._openings):
            return Outcome("contact" if contact else "refusal", text=said)
        if said.startswith(PASSAGE_LEAD):
            quoted = [passage for passage in self._knowledge.passages if f"« {passage.text} »" in said]
            given = tuple(fact for passage in quoted for fact in stated_in(passage, self._knowledge))
            return Outcome("passage", given or (PASSAGE,), text=said) if quoted else None
        if facts:
            longest = max(facts, key=lambda fact: len(fact.answer))  # a short answer may stand in a longer one
            return Outcome("answer", same_answer(longest.id, self._knowledge), text=said)
        return Outcome("contact", (CONTACT,), text=said) if contact else None

    def _fixed(self, text: str, message: Mapping[str, Any]) -> Outcome | None:
        """Return what a fixed sentence counts as."""
        folded = " ".join(text.split())
        name = next((name for pattern, name in self._patterns if pattern.fullmatch(folded)), None)
        if name is None:
            return None
        kind, topic = _kind(name), name.removeprefix(_PREFIX)
        choices = tuple(self._offered(message.get("buttons") or ())) if kind in WITH_CHOICES else ()
        return Outcome(kind, (), choices, topic_of(kind, topic if kind == "small_talk" else None), text)

    def _offered(self, buttons: Iterable[Mapping[str, str]]) -> Iterable[str]:
        """Yield the facts behind buttons; one that leads elsewhere (« Autre chose ») has none."""
        for button in buttons:
            found = re.fullmatch(rf"/{CHOICE_INTENT}(\{{.*\}})", button.get("payload", ""))
            fact = json.loads(found[1]).get(CHOICE_ENTITY) if found else None
            if fact == CONTACT or fact in self._knowledge.facts:
                yield str(fact)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_VARIABLE.sub(".*", re.escape(" ".join(text.split()))))


def _kind(name: str) -> str:
    """Return the kind of decision that a response words."""
    bare = name.removeprefix(_PREFIX)
    if bare in {*SMALL_TALK, PRIVACY}:
        return "small_talk"
    return next((kind for start, kind in _KINDS.items() if bare.startswith(start)), bare)
