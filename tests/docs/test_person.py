"""The conversations that the guide shows, with a person and without, are those of a running assistant."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.docs import pages
from tests.handover.conftest import Office
from tests.messaging.conftest import Person, fresh

CHAPTER = pages.section(pages.GUIDE, "Passer la main à une personne")
BY_MAIL, BY_CHATWOOT = pages.fenced(CHAPTER)
NOBODY = {"CHATWOOT_TOKEN": ""}
Open = Callable[..., Office]


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Open]:
    """Starts an office whose organisation is the guide's."""
    opened: list[Office] = []

    def start(**variables: str) -> Office:
        opened.append(Office(tmp_path, **variables))
        file = tmp_path / "knowledge" / "organisme.yml"
        said = {"nom": "Association Exemple", "courriel": "contact@exemple.org"}
        said["horaires"] = re.findall(r"`horaires: ([^`]+)`", CHAPTER)[0]
        text = file.read_text("utf-8")
        for key, value in said.items():
            text = re.sub(rf"^  {key}:.*$", f"  {key}: {value}", text, flags=re.M)
        file.write_text(text, "utf-8")
        opened[-1].start()
        return opened[-1]

    yield start
    for office in opened:
        office.close()


@pytest.mark.parametrize(("talk", "variables"), [(BY_MAIL, NOBODY), (BY_CHATWOOT, {})], ids=["e-mail", "chatwoot"])
def test_the_guide_shows_what_is_said(open_office: Open, talk: str, variables: dict[str, str]) -> None:
    office = open_office(**variables)
    person = Person(office.telegram, office.telegram.person(fresh("p"))).greet()
    for part in re.split(r"^(?=Vous > |Agent > )", talk, flags=re.M)[1:]:
        said, *shown = part.rstrip().split("\n")
        who, _, text = said.partition(" > ")
        if who == "Agent":
            done = office.chatwoot.resolves if text == "[Résoudre]" else office.chatwoot.answers
            assert done(office.chatwoot.newest, *([] if text == "[Résoudre]" else [text])) == 200
        elif text.startswith("["):
            seen = office.telegram.standin.seen_by(person.id)[-1]
            place = [label for label, _ in seen.buttons].index(text.strip("[]"))
            office.telegram.press(person.id, seen, place, fresh("m"))
        else:
            office.telegram.text(person.id, text, fresh("m"))
        if shown:
            (message,) = person.new(1)
            assert [message.text, *(f"  [{label}]" for label, _ in message.buttons)] == shown
        else:
            assert office.chatwoot.talk(number=2).said[-1] == text
