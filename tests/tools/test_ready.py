"""`make pret`: what is missing is said with its place, and what is typed is written without harm."""

import builtins
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.knowledge.loader import load_knowledge
from tests.as_it_comes import FILLED, knowledge_as_it_comes
from tests.assistant.knowledge.conftest import FILES
from tests.tools.in_process import Done, RunMain, run_main
from tests.tools.test_channels_check import NAMES
from tools.ready.__main__ import main

__all__ = ["run_main"]  # a fixture

SECRET = "un secret assez long pour signer quelque chose"
ORIGIN = "https://www.exemple.org"
#: What is typed, in the order of the questions, where everything is missing.
ANSWERS = [
    "Le club",
    "ecrire@club.fr",
    "https://club.fr/donnees",
    "",  # no emergency service, on purpose
    "Ève Martin",
    "2026-11-01",
    "inconnue",
    "2018-06-21",
    ORIGIN,
]

Run = Callable[..., Done]
Type = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small knowledge in which nothing was filled in, with the files to fill in as they come."""
    small = tmp_path / "knowledge"
    for name, text in FILES.items():
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        (small / name).write_text(text, "utf-8")
    come = knowledge_as_it_comes(tmp_path / "come")
    for name in ("organisme.yml", "urgences.yml"):
        shutil.copy(come / name, small / name)
    return small


@pytest.fixture
def run(run_main: RunMain, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command on that copy, with variables of its own."""
    for name in (*NAMES, "ASSISTANT_ORIGINES", "ASSISTANT_SECRET", "ASSISTANT_JOURS_QUESTIONS"):
        monkeypatch.delenv(name, raising=False)

    def _run(*arguments: str, **variables: str) -> Done:
        base = str(folder.parent / "var" / "conversations.db")
        return run_main(main, *arguments, ASSISTANT_CONNAISSANCES=str(folder), ASSISTANT_BASE=base, **variables)

    return _run


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Return a function that says what is typed: texts, in the end an exception (the end of what comes)."""

    def _type(*answers: str, end: type[BaseException] = EOFError) -> None:
        typed: Iterator[str] = iter(answers)

        def _input(prompt: str) -> str:
            print(prompt)
            try:
                return next(typed)
            except StopIteration:
                raise end from None

        monkeypatch.setattr(builtins, "input", _input)

    return _type


@pytest.fixture
def edit(folder: Path) -> Callable[[str, str, str], None]:
    """Return a function that replaces one passage of one file."""

    def _edit(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text("utf-8")
        assert text.count(old) == 1, (name, old)
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return _edit


def found(done: Done, about: str) -> str:
    """Return the one line that is about something."""
    (line,) = [line for line in done.stdout.splitlines() if about in line and ": " in line]
    return line


def line_at(place: str) -> str:
    """Return what stands where a finding points to."""
    path, _, number = place.rpartition(":")
    return Path(path).read_text("utf-8").splitlines()[int(number) - 1].strip()


def test_each_missing_thing_is_said_with_the_line_of_its_key_and_the_command_fails(run: Run) -> None:
    done = run()
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert all(": manque : " in line for line in lines[:-1])
    assert lines[-1] == "Il manque 8 choses ; « make pret ARGS=--remplir » les demande une à une."
    places = [line.partition(": manque")[0] for line in lines[:-1]]
    assert [line_at(place) for place in places[:6]] == [
        "nom:",
        "courriel:",
        "confidentialite:",
        "relu:",
        "- id: page",
        "- id: page",
    ]
    assert places[6:] == ["ASSISTANT_ORIGINES", "ASSISTANT_SECRET"]


def test_a_list_that_nobody_looked_at_is_told_from_one_that_is_empty_on_purpose(
    run: Run, edit: Callable[[str, str, str], None]
) -> None:
    assert ": manque : " in found(run(), "services d'urgence")
    edit("urgences.yml", "\nrelu:\n", "\nrelu: {par: Ève, le: 2026-11-01}\n")
    assert found(run(), "services d'urgence").endswith("relus par Ève le 1er novembre 2026 : aucun, exprès")
    edit("urgences.yml", "services: []", 'services:\n- {nom: Secours, numero: "0112"}')
    assert found(run(), "services d'urgence").endswith(" : 1 service")


def test_services_that_nobody_looked_over_are_not_enough(run: Run, edit: Callable[[str, str, str], None]) -> None:
    edit("urgences.yml", "services: []", 'services:\n- {nom: Secours, numero: "0112"}')
    assert ": manque : " in found(run(), "services d'urgence")


def test_a_review_cannot_be_of_a_day_to_come(run: Run, edit: Callable[[str, str, str], None]) -> None:
    edit("urgences.yml", "\nrelu:\n", "\nrelu: {par: Ève, le: 2999-05-01}\n")
    assert "manque : la relecture des services d'urgence est datée du 1er mai 2999" in found(run(), "relecture")


def test_what_was_looked_for_in_vain_is_not_missing(run: Run, edit: Callable[[str, str, str], None]) -> None:
    edit("sources.yml", "  langue: fr\n", "  langue: fr\n  introuvables: [adresse]\n")
    done = run()
    assert found(done, "l'adresse du document").endswith(" : cherchée, pas trouvée")
    assert ": manque : " in found(done, "la date du document")


def test_looking_makes_no_secret_and_never_shows_one(run: Run, folder: Path) -> None:
    assert ": manque : " in found(run(), "ASSISTANT_SECRET")
    kept = folder.parent / "var" / "secret"
    assert not kept.exists()
    assert found(run(ASSISTANT_SECRET="court"), "ASSISTANT_SECRET").endswith(
        "doit avoir au moins 32 caractères, et en a 5."
    )
    given = run(ASSISTANT_SECRET=SECRET)
    assert found(given, "ASSISTANT_SECRET").endswith(" : donné")
    assert SECRET not in given.stdout
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(SECRET)
    done = run(ASSISTANT_SECRET="")
    assert ": fait : " in found(done, "ASSISTANT_SECRET")
    assert SECRET not in done.stdout


def test_a_site_that_is_none_is_missing(run: Run) -> None:
    assert found(run(ASSISTANT_ORIGINES="club.fr"), "ASSISTANT_ORIGINES").startswith(
        "ASSISTANT_ORIGINES: manque : « club.fr » n'est pas l'origine d'un site"
    )
    assert ": fait : " in found(run(ASSISTANT_ORIGINES=ORIGIN), "ASSISTANT_ORIGINES")


def test_a_messaging_app_that_is_half_configured_is_missing_and_a_closed_one_is_not_named(run: Run) -> None:
    done = run(TELEGRAM_TOKEN="123456:abcdef-jeton")
    assert found(done, "TELEGRAM_SECRET").startswith("TELEGRAM_SECRET: manque : ")
    assert "TELEGRAM_TOKEN: " not in done.stdout
    assert "abcdef" not in done.stdout
    assert "SLACK" not in done.stdout
    whole = run(TELEGRAM_TOKEN="123456:abcdef-jeton", TELEGRAM_SECRET="un-secret_assez-long")
    assert found(whole, "TELEGRAM").startswith("TELEGRAM_TOKEN: fait : telegram")


def test_questions_that_are_kept_are_to_be_said_on_the_page_and_stop_nothing(run: Run, type_in: Type) -> None:
    type_in(*ANSWERS)
    run("--remplir")
    given = {"ASSISTANT_ORIGINES": ORIGIN, "ASSISTANT_SECRET": SECRET}
    done = run(**given, ASSISTANT_JOURS_QUESTIONS="30")
    line = found(done, "ASSISTANT_JOURS_QUESTIONS")
    assert ": conseil : " in line and "30 jours" in line and line.endswith("https://club.fr/donnees")
    assert done.returncode == 0


@pytest.mark.parametrize("arguments", [(), ("--remplir",)])
def test_a_file_that_cannot_be_read_is_told_with_its_line_and_nothing_is_asked(
    run: Run, type_in: Type, edit: Callable[[str, str, str], None], arguments: tuple[str, ...]
) -> None:
    type_in(end=AssertionError)
    edit("organisme.yml", "  nom:\n", "  non:\n")
    done = run(*arguments)
    assert done.returncode == 1
    assert re.search(r"organisme\.yml, ligne \d+, clé « non » : cette clé n'existe pas", done.stderr)


def test_what_is_typed_is_written_and_comments_and_all_else_stay(run: Run, type_in: Type, folder: Path) -> None:
    before = {path.name: path.read_text("utf-8") for path in folder.glob("*.yml")}
    mode = stat.S_IMODE((folder / FILLED[0]).stat().st_mode)
    type_in(*ANSWERS)
    done = run("--remplir", ASSISTANT_SECRET=SECRET)
    assert done.returncode == 1, "the site still has to be put into the environment"
    assert f"  ASSISTANT_ORIGINES={ORIGIN}\n" in done.stdout
    known = load_knowledge(folder)
    own, (source,) = known.organisation, known.sources.values()
    assert (own.name, own.email, own.privacy) == ("Le club", "ecrire@club.fr", "https://club.fr/donnees")
    assert known.emergency_review
    assert (known.emergency_review.by, known.emergency_review.on) == ("Ève Martin", date(2026, 11, 1))
    assert (source.address, source.not_found, source.date) == (None, ("adresse",), "2018-06-21")
    for path in folder.glob("*.yml"):
        after = path.read_text("utf-8").splitlines()
        gone = [line for line in before[path.name].splitlines() if line not in after]
        assert all(re.fullmatch(r"  (nom|courriel|confidentialite):", line) for line in gone), path
        if path.name not in FILLED:
            assert after == before[path.name].splitlines()
    assert stat.S_IMODE((folder / FILLED[0]).stat().st_mode) == mode
    assert run(ASSISTANT_SECRET=SECRET, ASSISTANT_ORIGINES=ORIGIN).returncode == 0


def test_what_was_filled_in_is_not_asked_again(run: Run, type_in: Type) -> None:
    type_in(*ANSWERS)
    run("--remplir", ASSISTANT_SECRET=SECRET)
    type_in(end=AssertionError)
    done = run("--remplir", ASSISTANT_SECRET=SECRET, ASSISTANT_ORIGINES=ORIGIN)
    assert done.returncode == 0
    assert "Rien ne manque" in done.stdout


def test_entering_nothing_changes_nothing(run: Run, type_in: Type, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    type_in(*[""] * 20)
    assert run("--remplir").returncode == 1
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_ctrl_c_stops_and_what_was_written_stays(run: Run, type_in: Type, folder: Path) -> None:
    type_in("Le club", end=KeyboardInterrupt)
    done = run("--remplir")
    assert (done.returncode, done.stderr) == (130, "\nInterrompu.\n")
    assert load_knowledge(folder).organisation.name == "Le club"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["", "pas une adresse"], "Ce n'est pas une adresse e-mail (nom@domaine.pays)."),
        (["", "", "http://club.fr/donnees"], "Il faut une adresse qui commence par https://."),
        (["", "", "https:// club"], "Ce n'est pas l'adresse d'une page (https://…)."),
        (["", "", "", "", "Ève", "2999-01-01"], "Il faut une date, par exemple 2026-11-01, et pas à venir."),
        (["", "", "", "", "", "", "21/06/2018"], "Il faut une date, par exemple 2018-06-21."),
        (
            ["", "", "", "", "", "", "", "club"],
            "« club » n'est pas l'origine d'un site, comme https://www.exemple.org.",
        ),
        (
            ["", "", "", "Secours", "0112", "UK"],
            "« UK » n'est le code d'aucun pays (ISO 3166) ; par exemple GB, et non UK.",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_asked_again(
    run: Run, type_in: Type, folder: Path, typed: list[str], said: str
) -> None:
    before = {name: (folder / name).read_text("utf-8") for name in FILLED}
    type_in(*typed)
    done = run("--remplir")
    lines = done.stdout.splitlines()
    asked_again = lines.index(said)
    assert " > " in lines[asked_again + 1]
    assert {name: (folder / name).read_text("utf-8") for name in FILLED} == before


def test_an_emergency_number_is_written_as_text_beside_those_that_are_there(
    run: Run, type_in: Type, folder: Path
) -> None:
    type_in("", "", "", "Secours", "0112", "fr", "Aide aux familles", "01 02", "", "Sans numéro", "", "", "", "Ève", "")
    run("--remplir")
    services = load_knowledge(folder).emergency_services
    assert [(one.name, one.number, one.country) for one in services] == [
        ("Secours", "0112", "FR"),
        ("Aide aux familles", "01 02", None),
    ]


def test_words_that_yaml_takes_for_something_else_are_written_as_words(run: Run, type_in: Type, folder: Path) -> None:
    type_in('No : « "oui" » # 12')
    run("--remplir")
    assert load_knowledge(folder).organisation.name == 'No : « "oui" » # 12'


def test_keys_that_show_nothing_and_blanks_leave_nothing(run: Run, type_in: Type, folder: Path) -> None:
    type_in("\x00\tLe\u00a0club \u202e\x1b")
    run("--remplir")
    assert load_knowledge(folder).organisation.name == "Le club"


def test_a_disk_that_takes_nothing_leaves_the_file_as_it_was(
    run: Run, type_in: Type, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    before = (folder / "organisme.yml").read_bytes()
    monkeypatch.setattr(os, "replace", full)
    type_in("Le club")
    done = run("--remplir")
    assert done.returncode == 1
    assert "ne peut pas être écrit" in done.stderr
    assert (folder / "organisme.yml").read_bytes() == before
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_row_that_a_comment_follows_is_filled_in_above_it(run: Run, type_in: Type, folder: Path) -> None:
    path = folder / "sources.yml"
    row = path.read_text("utf-8").partition("sources:\n")[2]
    second = row.replace("- id: page\n", "- id: autre\n", 1)
    path.write_text(f"sources:\n{row}\n# Une autre page.\n{second}", "utf-8")
    type_in("", "", "", "", "", "inconnue", "inconnue", "https://exemple.org/autre")
    run("--remplir")
    text = path.read_text("utf-8")
    assert text.index("introuvables: [adresse, date]") < text.index("# Une autre page.") < text.index("https://exemple")


def test_chatwoot_is_known_and_hours_that_nobody_put_into_words_are_advice(
    run: Run, edit: Callable[[str, str, str], None]
) -> None:
    given = {
        "CHATWOOT_URL": "https://chatwoot.exemple.org",
        "CHATWOOT_INBOX_IDENTIFIER": "boite",
        "CHATWOOT_ACCOUNT_ID": "3",
        "CHATWOOT_TOKEN": "jeton",
    }
    assert ": manque : " in found(run(**given), "le secret par lequel Chatwoot se fait reconnaître")
    given |= {"CHATWOOT_WEBHOOK_SECRET": "s" * 24, "CHATWOOT_HORAIRES": "lun-ven 9:00-17:00"}
    assert ": fait : " in found(run(**given), "chatwoot : réglé")
    assert ": conseil : " in found(run(**given), "après « horaires: »")
    edit("organisme.yml", "  horaires:", "  horaires: du lundi au vendredi, de 9 h à 17 h")
    assert "« horaires: »" not in run(**given).stdout
    wrong = found(run(**given | {"CHATWOOT_HORAIRES": "toujours"}), "quand une personne répond")
    assert "la valeur donnée ne convient pas" in wrong
