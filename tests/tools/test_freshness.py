"""`make fraicheur`: what has run out and what soon does is listed; noting a verification changes nothing else."""

import difflib
import os
import shutil
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.dates import today
from assistant.knowledge.errors import KnowledgeError
from assistant.knowledge.loader import load_knowledge
from assistant.knowledge.records import Verification
from tests.second_source import replace_once, verify
from tests.tools.in_process import Done, RunMain, run_main
from tools.freshness import entries, main, never_verified, report
from tools.verification import NotationError, noted, write_checked

__all__ = ["run_main"]  # a fixture
DAY = date(2026, 9, 1)
NOTE = Verification.parse_obj({"par": 'Zoé "Z" : #1', "le": "2026-09-01", "jusqu_au": "2027-05-01"})
LINE = 'verifie: {par: "Zoé \\"Z\\" : #1", le: 2026-09-01, jusqu_au: 2027-05-01}'


@pytest.fixture
def folder(knowledge_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(knowledge_folder, tmp_path / "knowledge")


@pytest.fixture
def run(run_main: RunMain, folder: Path) -> RunMain:
    """Return a function that runs the command on the copy."""

    def _run(*arguments: str) -> Done:
        return run_main(main, *arguments, ASSISTANT_CONNAISSANCES=str(folder))

    return _run


def rows(folder: Path, days: int = 30) -> list[list[str]]:
    """Return the table, each row as its cells."""
    lines = report(entries(folder), DAY, days, False).split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


def changed(before: Path, after: Path) -> list[str]:
    """Return the lines that were added to or taken from the files of a folder."""
    found = []
    for path in sorted(path for path in before.rglob("*") if path.is_file()):
        old, new = (file.read_text("utf-8").splitlines() for file in (path, after / path.relative_to(before)))
        found += [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
    return found


def test_what_has_run_out_comes_first_then_what_soon_does_with_the_line_to_edit(folder: Path) -> None:
    verify(folder, "facts/oim.yml", "oim.pays", until="2026-10-01")
    verify(folder, "facts/ocam.yml", "ocam.nom", until="2026-10-02")  # a day too late to be listed
    verify(folder, "facts/oim.yml", "oim.membres", until="2026-08-31")
    verify(folder, "contacts.yml", "amaya", until="2026-09-01")
    lines = (folder / "facts" / "oim.yml").read_text("utf-8").splitlines()
    members, countries = (
        f"{folder}/facts/oim.yml:{lines.index(f'- id: oim.{name}') + 2}" for name in ("membres", "pays")
    )
    assert rows(folder) == [
        [
            "expiré depuis 1 jour",
            "oim.membres",
            "Ève M.",
            "3 mars 2020",
            "31 août 2026",
            members,
        ],
        ["expire ce soir", "amaya", "Ève M.", "3 mars 2020", "1er septembre 2026", f"{folder}/contacts.yml:4"],
        ["expire dans 30 jours", "oim.pays", "Ève M.", "3 mars 2020", "1er octobre 2026", countries],
    ]
    assert len(rows(folder, 31)) == 4


def test_a_source_is_listed_once_with_how_much_rests_on_it(folder: Path) -> None:
    count = len(load_knowledge(folder).facts)
    verify(folder, "sources.yml", "oim-femmes-migrantes", until="2026-09-10")
    verify(folder, "facts/oim.yml", "oim.pays", until="2029-10-01")
    (row,) = rows(folder)
    assert row[:2] == ["expire dans 9 jours", f"oim-femmes-migrantes (avec {count - 1} faits, 1 contact)"]
    assert never_verified(entries(folder)) == []
    assert "Jamais" not in report(entries(folder), DAY, 30, True)


def test_what_nobody_verified_is_counted_and_listed_on_demand(run: RunMain, folder: Path) -> None:
    facts = len(load_knowledge(folder).facts)
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Rien de ce qui a été vérifié n'expire d'ici au ")
    assert f"Jamais vérifié : 1 source, {facts} faits, 1 contact (ARGS=--tout en donne la liste)." in done.stdout
    listed = run("--tout").stdout.splitlines()
    assert f"  {folder}/facts/ocam.yml:3  fait ocam.definition" in listed
    assert sum(line.startswith("  ") for line in listed) == facts + 2


def test_a_verification_is_noted_in_one_line_and_nothing_else_changes(
    run: RunMain, folder: Path, knowledge_folder: Path
) -> None:
    until = today() + timedelta(days=100)
    done = run("--verifie", "oim.membres", "amaya", "--par", "Marie D.", "--jusqu-au", until.isoformat())
    assert (done.returncode, done.stderr) == (0, "")
    line = f'+   verifie: {{par: "Marie D.", le: {today()}, jusqu_au: {until}}}'
    assert changed(knowledge_folder, folder) == [line, line]
    verified = load_knowledge(folder).facts["oim.membres"].verified
    assert verified is not None
    assert (verified.by, verified.on, verified.until) == ("Marie D.", today(), until)


def test_a_topic_is_all_its_facts_and_a_source_keeps_what_has_its_own(run: RunMain, folder: Path) -> None:
    until = (today() + timedelta(days=100)).isoformat()
    assert run("--verifie", "femmes", "--par", "Marie D.", "--jusqu-au", until).returncode == 0
    done = run("--verifie", "oim-femmes-migrantes", "--par", "Paul", "--jusqu-au", until)
    known = load_knowledge(folder)
    by = {fact.id: verified.by for fact in known.facts.values() if (verified := known.verification(fact))}
    assert {fact.id: by[fact.id] for fact in known.facts.values()} == {
        fact.id: "Marie D." if fact.topic == "femmes" else "Paul" for fact in known.facts.values()
    }
    assert done.stdout.splitlines()[-1] == (
        "Ont leur propre vérification, qui reste : femmes.part, femmes.raisons, femmes.statut_irregulier."
    )


def test_noted_again_only_what_it_says_changes(run: RunMain, folder: Path, tmp_path: Path) -> None:
    old = "\n  verifie:  # appelé le bureau\n    par: Ève M.\n    le: 2020-03-03\n    jusqu_au: 2020-09-01 # à revoir\n"
    replace_once(folder / "facts" / "oim.yml", "- id: oim.membres\n", f"- id: oim.membres{old}")
    before = shutil.copytree(folder, tmp_path / "before")
    until = today() + timedelta(days=100)
    assert run("--verifie", "oim.membres", "--par", "Marie D.", "--jusqu-au", until.isoformat()).returncode == 0
    assert [line for line in changed(before, folder) if line[0] == "+"] == [
        '+     par: "Marie D."',
        f"+     le: {today()}",
        f"+     jusqu_au: {until} # à revoir",
    ]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["oim.disparu", "--par", "M", "--jusqu-au", "2999-01-01"], "« oim.disparu » n'est ni un fait, ni un thème"),
        (["oim.pays", "--jusqu-au", "2999-01-01"], "Dites qui a vérifié"),
        (["oim.pays", "--par", " ", "--jusqu-au", "2999-01-01"], "Dites qui a vérifié"),
        (["oim.pays", "--par", "a\nb", "--jusqu-au", "2999-01-01"], "Dites qui a vérifié"),
        (["oim.pays", "--par", "M"], "Dites qui a vérifié"),
        (["oim.pays", "--par", "M", "--jusqu-au", "2020-01-01"], "--jusqu-au doit venir après aujourd'hui"),
    ],
)
def test_what_cannot_be_noted_is_told_in_one_line_and_changes_nothing(
    run: RunMain, folder: Path, knowledge_folder: Path, arguments: list[str], problem: str
) -> None:
    done = run("--verifie", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(problem)
    assert done.stderr.count("\n") == 1
    assert changed(knowledge_folder, folder) == []


def test_knowledge_that_cannot_be_read_is_told_with_its_line(run: RunMain, folder: Path) -> None:
    replace_once(folder / "facts" / "oim.yml", "- id: oim.pays\n", "- id: oim pays\n")
    done = run()
    assert done.returncode == 1
    assert "clé « id »" in done.stderr


def test_help_is_in_french(run: RunMain) -> None:
    said = run("--help").stdout
    assert "montrer cette aide" in said
    assert "show this" not in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "faits:\n- id: a\n  source: s\n  citations: [b]\n",
            f"faits:\n- id: a\n  source: s\n  {LINE}\n  citations: [b]\n",
        ),
        ("faits:\n  - id: a\n    source: s", f"faits:\n  - id: a\n    source: s\n    {LINE}\n"),
        (
            "faits:\r\n- id: a\r\n  source: s\r\n  b: c\r\n",
            f"faits:\r\n- id: a\r\n  source: s\r\n  {LINE}\r\n  b: c\r\n",
        ),
        ("faits:\n- id: a\n  source: s # d'où\n\n# fin\n", f"faits:\n- id: a\n  source: s # d'où\n  {LINE}\n\n# fin\n"),
        ("faits:\n- source: >-\n    s\n  id: a\n", f"faits:\n- source: >-\n    s\n  {LINE}\n  id: a\n"),
    ],
)
def test_the_line_is_put_behind_the_source_in_the_layout_of_the_file(text: str, expected: str) -> None:
    assert noted(text, "faits", 0, NOTE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "faits:\n- {id: a, source: s}\n",
        "faits:\n- id: a\n  source: s\n  verifie:\n",
        "faits:\n- {id: z, source: &s s}\n- id: a\n  source: *s\n",
        "faits:\n- id: z\n  source: s\n  verifie: &v {par: b, le: 2020-01-01, jusqu_au: 2020-02-01}\n"
        "- id: a\n  source: s\n  verifie: *v\n",
    ],
)
def test_where_more_than_the_record_would_change_it_is_left_to_the_editor(text: str) -> None:
    with pytest.raises(NotationError, match="ajoutez-y vous-même"):
        noted(text, "faits", text.count("id:") - 1, NOTE)


def test_an_edit_that_the_knowledge_does_not_bear_is_undone(folder: Path, knowledge_folder: Path) -> None:
    oim, ocam = folder / "facts" / "oim.yml", folder / "facts" / "ocam.yml"
    oim.chmod(0o640)
    with pytest.raises(KnowledgeError):
        write_checked(folder, {oim: oim.read_text("utf-8") + "\n# vu\n", ocam: "faits: ["})
    assert changed(knowledge_folder, folder) == []
    assert stat.S_IMODE(oim.stat().st_mode) == 0o640
    assert [path.name for path in (folder / "facts").iterdir() if path.name.startswith(".")] == []


def test_a_file_that_is_a_link_stays_one(folder: Path, tmp_path: Path) -> None:
    path, real = folder / "contacts.yml", tmp_path / "contacts.yml"
    shutil.move(path, real)
    os.symlink(real, path)
    write_checked(folder, {path: real.read_text("utf-8") + "# vu\n"})
    assert path.is_symlink()
    assert real.read_text("utf-8").endswith("# vu\n")
