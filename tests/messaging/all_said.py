"""All that the assistant can say, as far as its length and form matter: what an app's limits are tested with."""

from collections.abc import Iterator

import yaml

from assistant.dialogue.records import OTHER, Decision, Quoted
from assistant.dialogue.wording import buttons_for, word
from assistant.names import CONTACT
from assistant.settings import ROOT
from channels.messaging.rendering import Said
from channels.texts import TEXTS
from tests.as_it_comes import as_it_comes


def texts() -> list[str]:
    """Return every answer and sentence with its source, every response, and what channels say themselves."""
    knowledge = as_it_comes()
    decisions = [
        Decision("answer", "", (fact,), corrects=corrects) for fact in knowledge.facts for corrects in (False, True)
    ]
    decisions += [
        Decision("answer", "", (fact.id,), earlier=earlier)
        for fact in knowledge.facts.values()
        for earlier in range(1, len(fact.readings))
    ]
    sentences = [
        Decision("passage", "", quoted=Quoted(one.source, one.position, 1, 3), knowledge=knowledge.version)
        for one in knowledge.passages
    ]
    contacts = [Decision("contact", "", contact=contact.id) for contact in knowledge.contacts]
    answers = [word(decision, knowledge).text or "" for decision in (*decisions, *sentences, *contacts)]
    return [*answers, *_responses(), *TEXTS.values()]


def choices(number: int) -> list[Said]:
    """Return every fact among so many choices, all of which but the facts are those that may always be offered."""
    knowledge = as_it_comes()
    facts = list(knowledge.facts)
    groups = [(facts * 2)[start : start + number] for start in range(len(facts))]
    mixed = [[*group[: number - 2], CONTACT, OTHER] for group in groups] if number > 2 else []
    asked = max(_responses(), key=len)
    return [Said(asked, buttons_for(tuple(group), knowledge)) for group in (*groups, *mixed)]


def _responses() -> Iterator[str]:
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        for variants in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].values():
            yield from (variant["text"] for variant in variants)
