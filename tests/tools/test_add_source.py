"""`make source`: what is refused and copied, what looks like a fact, what is touched, how a draft goes live."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import knowledge_files, load_knowledge, same_passage
from assistant.settings import ROOT
from assistant.understanding.mentions import MentionFinder
from tests.assistant.knowledge.conftest import FILES
from tests.tools.in_process import Done, RunMain, run_main
from tools.add_source.__main__ import main
from tools.add_source.reading import MOST_BYTES, UnreadableError, read_text
from tools.add_source.sentences import read_document, split
from tools.add_source.signs import named_in, signs_of
from tools.add_source.touched import names_no_longer_unknown, touched
from tools.add_source.writing import write_all

__all__ = ["run_main"]  # a fixture

TEXT = "Un été à Lyon : l’œuvre de 12 élèves coûte 5 €.\nElle dure.\n"
NEW = """\
Accueil
Le cercle (CRC) a été fondé à Nancy, en 1987.
Le club compte 15 membres. Le club (CLB) a été fondé à Lyon.
Ève Martin, trésorière du club, a ouvert la réunion. Le Rotary est venu.
"""
WORDS = "abricot bateau citron dauphin erable fontaine guitare horizon iceberg jardin kangourou lanterne".split()

Run = Callable[..., Done]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project: knowledge, responses, and no questions yet."""
    root = tmp_path / "projet"
    files = {f"knowledge/{name}": text for name, text in FILES.items()}
    files["data/responses/mots.yml"] = "responses:\n  utter_salutation:\n  - text: Je réponds d'après une page.\n"
    files["data/nlu/bonjour.yml"] = "nlu:\n- intent: salutation\n  examples: |\n    - Bonjour\n"
    files["data/rules/r.yml"] = "rules: []\n"
    files["evaluation/questions/dev/faits.yml"] = "questions:\n- question: un\n  attendu: [club.lieu]\n"
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.fixture
def run(run_main: RunMain, project: Path) -> Run:
    return partial(run_main, lambda: main(project))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "cercle.txt"
    path.write_text(NEW, "utf-8")
    return path


def everything(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# Encodings


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), "BOM"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.encode().decode("cp1252").encode(), "réparés"),
        (TEXT.replace("\n", "\r\n").encode(), "fins de ligne"),
        (TEXT.replace("\n", "\r").encode(), "fins de ligne"),
    ],
)
def test_the_text_is_read_whatever_its_encoding_and_what_was_done_is_said(content: bytes, said: str) -> None:
    read = read_text(content)
    assert read.text == TEXT
    assert said in " ".join(read.said)
    assert bool(said) == bool(read.said)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vide"),
        (b" \n\n", "vide"),
        (b"a" * (MOST_BYTES + 1), "au plus 200"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04...", "Word"),
        (b"\xd0\xcf\x11\xe0...", "Word"),
        (b"{\\rtf1 a}", "RTF"),
        (b"<!DOCTYPE html><html><body>a</body></html>", "HTML"),
        (b"a\0\1\2bc\0", "pas un texte"),
        (b"ligne\nabc\x81\xe9", "ligne 2"),
        ("mot\nperdu : \ufffd".encode(), "ligne 2"),
        (b"mot\n\x1b[31m", "ligne 2"),
        ("mot\n\ufffe".encode(), "ligne 2"),
        ("é juste, puis Ã© abîmé".encode(), "abîmés"),
    ],
)
def test_what_is_no_plain_text_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        read_text(content)
    assert " ; " in str(caught.value)


# Sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["M. Roy et Mme. J.-P. Martin sont venus.", "Ils ont parlé."],
        ["« Merci. Venez ! », a dit Ana Roy, maire.", "Elle part."],
        ["Écrivez à a.b@club.fr.", "Le prix est de 1.5 euro."],
        ["Le club (voir p. 3. Annexe) est né en 1990.", "12 villes en sont."],
        ["Est-ce vrai ?", "Oui !", "À Lyon."],
    ],
)
def test_sentences_are_told_apart(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_menus_links_and_labels_are_left_out() -> None:
    text = "Accueil\n- Nos projets dans les pays du monde entier\nQui sommes nous\nQui sommes nousLe club est à Lyon.\n"
    found = read_document(text + "Partager cette page sur Facebook\n")
    assert found.sentences == ("Le club est à Lyon.",)
    assert len(found.left_out) == 4


def test_a_sentence_over_several_lines_is_one() -> None:
    lines = [
        "Le club de la ville de Lyon réunit des gens de",
        "Nancy et de Metz, depuis la fin de l'année où",
        "Ana vint.",
    ]
    broken = "\n".join(lines)
    assert read_document(broken).sentences == (same_passage(broken),)
    assert read_document("Le club est né à\nLyon.").sentences == ("Le club est né à Lyon.",)


@pytest.mark.parametrize(
    ("sentence", "kind", "found"),
    [
        ("Elle est née le 3 mars 1990.", "dates", ("3 mars 1990",)),
        ("Elle réunit 1 200 jardiniers, soit 53 % d'entre eux.", "numbers", ("1 200", "53 %")),
        ("La Fédération de Nancy est venue avec l’OIM.", "names", ("Fédération de Nancy", "OIM")),
        ("Hier, la directrice générale est venue.", "roles", ("directrice générale",)),
        ("Écrivez à a@club.fr ou au 01 23 45 67 89.", "contacts", ("a@club.fr", "01 23 45 67 89")),
    ],
)
def test_what_facts_have_is_found(sentence: str, kind: str, found: tuple[str, ...]) -> None:
    assert getattr(signs_of(sentence), kind) == found


@pytest.mark.parametrize("sentence", ["Cette rencontre est belle.", "Nous y étions. Elle aussi."])
def test_a_capital_that_begins_a_sentence_is_no_name(sentence: str) -> None:
    assert not signs_of(sentence).look_like_a_fact


def test_organisations_and_persons_are_named_with_their_article() -> None:
    (organisation,) = named_in("Réunion de l'Union des clubs de Lyon (UCL), hier.")
    assert organisation == ("l'", "UCL", ("UCL", "Union des clubs de Lyon"), False)
    (person,) = named_in("C'est ce qu'a dit Ana Roy, présidente du club à San Jose.")
    assert (person.name, person.person) == ("Ana Roy", True)


def test_most_of_what_the_first_source_states_is_found_and_little_else(knowledge: Knowledge) -> None:
    """Facts on the page's menu are no sentences of it: those of two topics do not count."""
    source = next(iter(knowledge.sources.values()))
    sentences = read_document((ROOT / "knowledge" / source.file).read_text("utf-8")).sentences
    picked = [sentence for sentence in sentences if signs_of(sentence).look_like_a_fact]
    of_menu = {"site", "structure"}
    facts = [fact for fact in knowledge.facts.values() if fact.source == source.id and fact.topic not in of_menu]
    quotes = [same_passage(quote) for fact in facts for quote in fact.quotes]
    covered = [quote for quote in quotes if any(quote in sentence for sentence in picked)]
    with_fact = [sentence for sentence in picked if any(quote in sentence for quote in quotes)]
    recall, precision = len(covered) / len(quotes), len(with_fact) / len(picked)
    print(f"recall {recall:.0%}, precision {precision:.0%}")
    assert recall >= 0.85
    assert precision >= 0.9


# What is touched


@pytest.mark.parametrize(
    ("sentence", "fact", "how", "values"),
    [
        ("L'OIM compte 172 États membres.", "oim.membres", "autre valeur", (("175", "172"),)),
        ("L'OIM est composée de 175 Etats membres.", "oim.membres", "redit", ()),
        ("L'OCAM a été créée en 1992.", "ocam.date_creation", "autre valeur", (("1990", "1992"),)),
        (
            "L'OCAM a été créée à San Jose, au Panama.",
            "ocam.lieu_creation",
            "autre valeur",
            (("Costa Rica", "Panama"),),
        ),
        ("Marcelo Pisani, ministre, est venu.", "pisani.fonction", "autre fonction", ()),
        (
            "« Panama » accueillait la 44e réunion annuelle de l'OCAM.",
            "reunion.definition",
            "autre valeur",
            (("43e", "44e"),),
        ),
        ("L'OCAM répond au besoin d'un mécanisme de coordination.", "ocam.role", "à relire", ()),
    ],
)
def test_a_fact_that_a_sentence_touches_is_told(
    knowledge: Knowledge, sentence: str, fact: str, how: str, values: tuple[tuple[str, str], ...]
) -> None:
    found = {str(one.fact.id): one for one in touched([sentence], knowledge, MentionFinder(knowledge))}
    assert (found[fact].how, found[fact].values) == (how, values)


@pytest.mark.parametrize(
    "sentence", ["Les jardins de Nancy ont 12 arbres.", "L'OIM a 12 bureaux à Nancy.", "Le site est beau."]
)
def test_a_sentence_on_something_else_touches_nothing(knowledge: Knowledge, sentence: str) -> None:
    assert touched([sentence], knowledge, MentionFinder(knowledge)) == []


def test_a_name_that_no_source_spoke_of_is_told(knowledge: Knowledge) -> None:
    assert names_no_longer_unknown(["Le HCR est venu."], knowledge, MentionFinder(knowledge)) == ["HCR"]


# Adding


def test_a_document_is_copied_described_and_drafted(project: Path, run: Run, document: Path) -> None:
    before = (project / "knowledge/sources.yml").read_text("utf-8")
    done = run(str(document), "--editeur", "site du cercle", "--titre", "Le cercle", "--date", "2024-05-12")
    assert done.returncode == 0, done.stderr
    after = (project / "knowledge/sources.yml").read_text("utf-8")
    assert after.startswith(before)
    source = load_knowledge(project / "knowledge").sources["cercle"]
    assert (source.title, source.publisher, source.date, source.address) == (
        "Le cercle",
        "site du cercle",
        "2024-05-12",
        None,
    )
    assert (project / "knowledge/sources/cercle.txt").read_text("utf-8") == NEW
    draft = yaml.safe_load((project / "knowledge/brouillons/cercle.yml").read_text("utf-8"))
    text = same_passage(NEW)
    assert all(quote in text for fact in draft["faits"] for quote in fact["citations"])
    assert [fact["id"] for fact in draft["faits"]][:2] == ["crc.date_creation", "club.membres"]
    for said in ("(autre valeur : 12 → 15)", "Redits, rien à faire : club.", "« Rotary »", "data/responses/mots.yml:2"):
        assert said in done.stdout


def test_comments_of_the_file_of_sources_stay(project: Path, run: Run, document: Path) -> None:
    path = project / "knowledge/sources.yml"
    rows = path.read_text("utf-8").splitlines()
    before = "\n".join(["# Nos documents", rows[0], *(f"  {row}" for row in rows[1:]), ""])
    path.write_text(before + "# fin\n", "utf-8")
    assert run(str(document), "--editeur", "x").returncode == 0
    assert path.read_text("utf-8").startswith(before + "# fin\n")
    assert set(load_knowledge(project / "knowledge").sources) == {"page", "cercle"}


def test_a_draft_is_no_part_of_the_knowledge(project: Path, run: Run, document: Path) -> None:
    run(str(document), "--editeur", "x")
    assert (project / "knowledge/brouillons/cercle.yml").exists()
    assert not [path for path in knowledge_files(project / "knowledge") if path.name == "cercle.yml"]


def test_nothing_is_made_up_the_publisher_has_to_be_said(project: Path, run: Run, document: Path) -> None:
    before = everything(project)
    done = run(str(document))
    assert (done.returncode, everything(project)) == (1, before)
    assert "--editeur" in done.stderr


@pytest.mark.parametrize(
    ("options", "why"),
    [(["--adresse", "club"], "adresse"), (["--langue", "français"], "langue"), (["--titre", " "], "titre")],
)
def test_a_description_that_is_none_is_refused(
    project: Path, run: Run, document: Path, options: list[str], why: str
) -> None:
    before = everything(project)
    done = run(str(document), "--editeur", "x", *options)
    assert (done.returncode, everything(project)) == (1, before)
    assert why in done.stderr


def test_the_same_text_is_refused_whatever_its_name_and_line_ends(project: Path, run: Run, document: Path) -> None:
    run(str(document), "--editeur", "x")
    before = everything(project)
    again = document.with_name("autre.txt")
    again.write_bytes(NEW.replace("\n", "\r\n").encode("cp1252"))
    done = run(str(again), "--editeur", "x")
    assert (done.returncode, everything(project)) == (1, before)
    assert "« cercle »" in done.stderr


def test_another_text_of_that_name_gets_a_name_of_its_own(project: Path, run: Run, document: Path) -> None:
    run(str(document), "--editeur", "x")
    document.write_text("Un tout autre texte sur Nancy.", "utf-8")
    assert run(str(document), "--editeur", "x").returncode == 0
    assert (project / "knowledge/sources/cercle.txt").read_text("utf-8") == NEW
    assert (project / "knowledge/sources/cercle-2.txt").exists()


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"", b"a" * (MOST_BYTES + 1)])
def test_a_refused_file_leaves_all_as_it_was(project: Path, run: Run, document: Path, content: bytes) -> None:
    document.write_bytes(content)
    before = everything(project)
    done = run(str(document), "--editeur", "x")
    assert (done.returncode, everything(project)) == (1, before)
    assert done.stderr.startswith(f"{document} : ")


@pytest.mark.parametrize("name", ["absent.txt", "."])
def test_a_file_that_cannot_be_read_is_told(run: Run, tmp_path: Path, name: str) -> None:
    done = run(str(tmp_path / name), "--editeur", "x")
    assert done.returncode == 1
    assert "ne peut pas être lu" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("un.txt", "--publier", "un")])
def test_a_document_or_a_draft_has_to_be_given(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("Donnez un document")


def test_the_help_is_in_french(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "Ajoute un document" in done.stdout


def test_a_large_text_without_sentences_is_read_at_once() -> None:
    began = time.process_time()
    for text in ("A. " * 50_000, "mot" * 60_000 + ".", "é@" * 90_000 + "."):
        assert read_document(text).sentences == ()
    assert time.process_time() - began < 5


def test_ctrl_c_at_a_question_leaves_all_as_it_was(project: Path, document: Path) -> None:
    before = everything(project)
    code = "import sys, pathlib; from tools.add_source.__main__ import main; sys.exit(main(pathlib.Path('.')))"
    terminal, inside = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, str(document)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=inside,
        stdout=inside,
        stderr=inside,
    ) as process:
        os.close(inside)
        said = os.read(terminal, 1000)  # the first question
        for _ in range(10):  # one that comes between the question and the wait for its answer is not seen
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
                break
        process.kill()
        said += os.read(terminal, 1000)
    os.close(terminal)
    assert (process.returncode, everything(project)) == (1, before)
    assert "Titre" in said.decode()
    assert "Interrompu." in said.decode()
    assert "Traceback" not in said.decode()


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "un").write_text("avant", "utf-8")
    (tmp_path / "dossier").mkdir()
    with pytest.raises(OSError):
        write_all({tmp_path / "un": "après", tmp_path / "deux": "neuf", tmp_path / "dossier": "impossible"})
    assert everything(tmp_path) == {"un": b"avant"}


# Publishing


@pytest.fixture
def filled_in(project: Path, run: Run, document: Path) -> Path:
    """Return a draft of which one fact is filled in and no other is kept."""
    run(str(document), "--editeur", "x")
    path = project / "knowledge/brouillons/cercle.yml"
    first, mark, rest = path.read_text("utf-8").partition("# 2.")
    answers = iter(["Où le cercle a-t-il été fondé ?", "Le cercle a été fondé en 1987."])
    questions = iter([f"{word} du cercle{sign}" for sign in (" ?", " !", "", " :") for word in WORDS])
    lines = []
    for line in first.splitlines(keepends=True):
        blank = line.strip(" \n") in {"…", "- …"}
        source = questions if line.startswith("    - …") else answers
        lines.append(line.replace("…", next(source)) if blank else line)
    path.write_text(("".join(lines) + mark + rest).replace("oui\n  id: club", "non\n  id: club"), "utf-8")
    text = path.read_text("utf-8")
    for fact in yaml.safe_load(text)["faits"][1:]:
        text = text.replace(f"garder: oui\n  id: {fact['id']}", f"garder: non\n  id: {fact['id']}")
    unlike = iter(WORDS)
    head, voisines, tail = text.partition("  voisines: |\n")
    tail = "\n".join(
        f"    - pourquoi {next(unlike)} ?" if line.startswith("    - ") and number < 6 else line
        for number, line in enumerate(tail.split("\n"))
    )
    asked = iter(["Ce cercle, quand ?", "année de sa fondation", "il a ouvert lorsque quoi"])
    body, evaluation, end = tail.partition("  evaluation: |\n")
    end = "\n".join(
        f"    - {next(asked)}" if line.startswith("    - ") and number < 3 else line
        for number, line in enumerate(end.split("\n"))
    )
    path.write_text(head + voisines + body + evaluation + end, "utf-8")
    return path


def test_a_finished_draft_goes_live_with_all_that_belongs_to_it(project: Path, run: Run, filled_in: Path) -> None:
    done = run("--publier", "cercle")
    assert done.returncode == 0, done.stdout + done.stderr
    known = load_knowledge(project / "knowledge")
    fact = known.facts["crc.date_creation"]
    assert (fact.answer, fact.source, fact.asked) == ("Le cercle a été fondé en 1987.", "cercle", ("quand",))
    assert (known.subjects["crc"].name, known.subjects["crc"].article) == ("CRC", "le")
    taught = yaml.safe_load((project / "data/nlu/cercle/faits.yml").read_text("utf-8"))["nlu"]
    assert [(block["intent"], len(block["examples"].splitlines())) for block in taught] == [
        ("fait/crc.date_creation", 12),
        ("inconnu/crc.date_creation", 6),
    ]
    asked = yaml.safe_load((project / "evaluation/questions/dev/faits.yml").read_text("utf-8"))["questions"]
    assert [row["attendu"] for row in asked] == [["club.lieu"], *[["crc.date_creation"]] * 3]
    assert not filled_in.exists()


class Slip(NamedTuple):
    """What an editor wrote instead of what is right, the line that is told, and a word of what is said of it."""

    old: str
    new: str
    line: str
    why: str


@pytest.mark.parametrize(
    "slip",
    [
        Slip(*slip)
        for slip in [
            ("    Le cercle a été fondé en 1987.", "    …", "  reponse: >-", "la réponse manque"),
            (
                "    Le cercle a été fondé en 1987.",
                "    Le cercle date de 1988.",
                "  reponse: >-",
                "« 1988 » n'est pas dans",
            ),
            ("    - citron du cercle ?", "    - …", "    - …", "cette question manque"),
            ("    - citron du cercle ?\n", "", "  questions: |", "11 questions, il en faut au moins 12"),
            ("    - citron du cercle ?", "    citron du cercle ?", "    citron du cercle ?", "tiret"),
            ("    - citron du cercle ?", "    - citron [du] cercle ?", "    - citron [du] cercle ?", "crochets"),
            ("    - citron du cercle ?", "    - Bonjour", "    - Bonjour", "« salutation »"),
            ("id: crc.date_creation", "id: crc.Date", "  id: crc.Date", "en minuscules"),
            ("id: crc.date_creation", "id: cric.date", "  id: cric.date", "subjects.yml"),
            ("id: crc.date_creation", "id: club.lieu", "  id: club.lieu", "existe déjà"),
            (
                "Le cercle (CRC) a été fondé à Nancy, en 1987.\n  #",
                "Le cercle date de 1987.\n  #",
                "  - >-",
                "mot pour mot",
            ),
            ("garder: oui\n  id: crc", "garder: peut-être\n  id: crc", "- garder: peut-être", "« garder: oui »"),
            ("  repond_a: [quand]", "  repond_a: [jamais]", "  repond_a: [jamais]", "permises"),
        ]
    ],
    ids=lambda slip: slip.why,
)
def test_a_draft_that_is_not_right_is_refused_with_its_line(
    project: Path, run: Run, filled_in: Path, slip: Slip
) -> None:
    text = filled_in.read_text("utf-8")
    assert slip.old in text
    filled_in.write_text(text.replace(slip.old, slip.new, 1), "utf-8")
    before = everything(project)
    done = run("--publier", "cercle")
    assert (done.returncode, everything(project)) == (1, before)
    (said,) = [said for said in done.stdout.splitlines() if slip.why in said]
    place = int(said.split(":")[1])
    assert said.startswith("knowledge/brouillons/cercle.yml:")
    assert filled_in.read_text("utf-8").split("\n")[place - 1] == slip.line


def test_a_draft_with_nothing_kept_is_refused(project: Path, run: Run, filled_in: Path) -> None:
    filled_in.write_text(filled_in.read_text("utf-8").replace("garder: oui", "garder: non"), "utf-8")
    done = run("--publier", "cercle")
    assert done.returncode == 1
    assert "aucun fait n'est gardé" in done.stdout


@pytest.mark.parametrize("name", ["knowledge/facts/cercle.yml", "data/nlu/cercle/faits.yml"])
def test_a_draft_never_takes_the_place_of_a_file(project: Path, run: Run, filled_in: Path, name: str) -> None:
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("faits: []\n" if name.startswith("knowledge") else "nlu: []\n", "utf-8")
    before = everything(project)
    done = run("--publier", "cercle")
    assert (done.returncode, everything(project)) == (1, before)
    assert f"{name} existe déjà" in done.stdout


def test_knowledge_that_is_broken_elsewhere_stops_a_draft(project: Path, run: Run, filled_in: Path) -> None:
    path = project / "knowledge/facts/club.yml"
    path.write_text(path.read_text("utf-8").replace("repond_a", "repond"), "utf-8")
    before = everything(project)
    done = run("--publier", "cercle")
    assert (done.returncode, everything(project)) == (1, before)
    assert "knowledge/facts/club.yml, ligne " in done.stderr


def test_a_draft_that_does_not_exist_is_told_with_those_that_do(run: Run, filled_in: Path) -> None:
    done = run("--publier", "cercles")
    assert (done.returncode, done.stderr) == (1, "Le brouillon « cercles » n'existe pas ; il y a : cercle.\n")
