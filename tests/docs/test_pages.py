"""What README, CONTRIBUTING and the guide name exists."""

import re
from pathlib import Path

import pytest
import yaml

from assistant.dialogue.explain import explain
from assistant.dialogue.records import Decision
from assistant.dialogue.wording import contact_text
from assistant.knowledge.base import Knowledge
from assistant.settings import ROOT, Settings
from tests.docs import pages

EACH_PAGE = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.name)

#: Which setting a variable sets.
SETTINGS = {
    "ASSISTANT_HOTE": "host",
    "ASSISTANT_PORT": "port",
    "ASSISTANT_PORT_ACTIONS": "actions_port",
    "ASSISTANT_BASE": "database",
    "ASSISTANT_HEURES_CONSERVATION": "conversation_hours",
    "ASSISTANT_CONNAISSANCES": "knowledge",
    "ASSISTANT_ORIGINES": "origins",
    "ASSISTANT_JOURS_QUESTIONS": "question_days",
    "ASSISTANT_PASSAGES": "passages",
    "ASSISTANT_SECRET": "secret",
}


@EACH_PAGE
def test_each_command_of_make_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", pages.read(ROOT / "Makefile"), re.M)
    assert pages.make_targets(page) - set(targets) == set()


def test_readme_names_the_commands() -> None:
    assert {"run", "test", "shell", "train", "bench", "help"} <= pages.make_targets(pages.README)


@EACH_PAGE
def test_each_link_leads_to_a_file(page: Path) -> None:
    linked = [link.partition("#")[0] for link in pages.links(page)]
    assert [link for link in linked if link and not (page.parent / link).exists()] == []


def test_each_setting_of_readme_exists_with_its_default_and_none_is_left_out() -> None:
    said = {variable: default for variable, _, default in pages.table(pages.section(pages.README, "Settings"))}
    assert said.keys() == set(re.findall(r"ASSISTANT_[A-Z_]+", pages.read(ROOT / "assistant" / "settings.py")))
    defaults = Settings.read({})
    for variable, default in said.items():
        value = getattr(defaults, SETTINGS[variable])
        shown = value.relative_to(ROOT).as_posix() if isinstance(value, Path) else str(value).removesuffix(".0")
        shown = {"True": "oui", "False": "non"}.get(shown, shown)
        assert default == shown, variable


@pytest.mark.parametrize("variable", SETTINGS)
def test_each_variable_sets_what_the_table_says(variable: str) -> None:
    given = "non" if variable == "ASSISTANT_PASSAGES" else "77"
    assert getattr(Settings.read({variable: given}), SETTINGS[variable]) in {"77", 77, Path("77"), False}


def test_each_folder_of_the_layout_exists_and_none_is_left_out() -> None:
    said = {folder.strip("/") for folder, _ in pages.table(pages.section(pages.README, "Layout"))}
    ignored = {row.strip("/\n") for row in pages.read(ROOT / ".gitignore").splitlines()}
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert said == there - ignored


@EACH_PAGE
def test_no_page_names_a_folder_of_one_machine_or_a_package_index(page: Path) -> None:
    assert not re.search(r"/(?:home|root|tmp|work|Users)/|pypi\.|simple/", pages.read(page))


def test_the_version_of_the_changelog_is_the_project_s() -> None:
    (version,) = re.findall(r'^version = "(.*)"$', pages.read(ROOT / "pyproject.toml"), re.M)
    assert f"## [{version}] - " in pages.read(ROOT / "CHANGELOG.md")


@pytest.mark.parametrize("page", [pages.README, pages.GUIDE], ids=lambda page: page.name)
def test_each_answer_shown_is_one_of_today(page: Path, knowledge: Knowledge) -> None:
    """An answer stands above a line « Source : »; `[...]` ends a shortened one; a new fact's is in its block.

    What the guide shows of earlier documents is made up, and tried in `test_freshness.py`.
    Sentences that are quoted, « so », have a test of their own (`test_passages.py`).
    """
    new = [fact["reponse"] for block in pages.blocks(pages.read(page)) for fact in facts_of(block)]
    new += [fact["reponse"] for fact in drafted(page)]
    contacts = [contact_text(contact) for contact in knowledge.contacts]
    answers = [fact.answer for fact in knowledge.facts.values()] + new
    of_today = re.sub(r"^Avant, selon .+\n.+\nSource : .+$", "", pages.read(page), flags=re.M)
    shown = re.findall(r"^(?!« )(.+)\n(?:Vérifié le .+, à confirmer\.\n)? *Source : «", of_today, re.M)
    assert shown
    for line in shown:
        start = line.strip().removesuffix(" [...]")
        full = start == line.strip()
        said = [answer for answer in answers if answer == start or (not full and answer.startswith(start))]
        assert said or any(contact.split(" (")[0] in start for contact in contacts), line


@pytest.mark.parametrize("page", [pages.README, pages.GUIDE], ids=lambda page: page.name)
def test_the_thresholds_shown_are_those_of_today(page: Path, knowledge: Knowledge) -> None:
    today = [
        line
        for line in explain(Decision("refusal", "near-miss"), knowledge).splitlines()
        if line.startswith("Seuils : ")
    ]
    assert re.findall(r"^Seuils : .*$", pages.read(page), re.M) == today


def facts_of(block: pages.Block) -> list[dict[str, str]]:
    content = yaml.safe_load(block.text)
    return content if block.file.startswith("knowledge/facts/") else []


def drafted(page: Path) -> list[dict[str, str]]:
    """Return the facts of the drafts that a page shows filled in."""
    shown = map(yaml.safe_load, pages.fenced(pages.read(page), "yaml"))
    return [row for rows in shown if isinstance(rows, list) for row in rows if "garder" in row]
