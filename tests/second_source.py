"""Two older documents, made up, that state a fact of the project's knowledge otherwise: put into a copy of it."""

from pathlib import Path

#: The fact that they state too, and what is said of it: today, in 2019, in 2005.
FACT = "oim.membres"
NEW, OLDER, OLDEST = "L'OIM est composée de 175 États membres.", "L'OIM comptait 111 États.", "L'OIM comptait 99 États."

_SOURCES = """\
- id: bulletin
  titre: Bulletin d'essai
  editeur: éditeur d'essai
  langue: fr
  fichier: sources/bulletin.txt
  date: 2019-03
- id: feuillet
  titre: Feuillet d'essai
  editeur: éditeur d'essai
  langue: fr
  fichier: sources/feuillet.txt
"""
_READINGS = f"""\
  date: 2026-01-15
  avant:
  - reponse: {OLDER}
    source: bulletin
    citations:
    - l'OIM comptait 111 Etats
  - reponse: {OLDEST}
    source: feuillet
    date: 2005
    citations:
    - l'OIM comptait 99 Etats
"""
_QUOTE = "  - composée de 175 Etats membres\n"


def add_second_source(folder: Path) -> None:
    """Add both documents, and what they state, to a copy of `knowledge/`."""
    (folder / "sources" / "bulletin.txt").write_text("Texte d'essai : l'OIM comptait 111 Etats.\n", "utf-8")
    (folder / "sources" / "feuillet.txt").write_text("Texte d'essai : l'OIM comptait 99 Etats.\n", "utf-8")
    with (folder / "sources.yml").open("a", encoding="utf-8") as file:
        file.write(_SOURCES)
    replace_once(folder / "facts" / "oim.yml", _QUOTE, _QUOTE + _READINGS)


def verify(folder: Path, file: str, record: str, until: str) -> None:
    """Add to a record of a copy of `knowledge/` that it was verified, in March 2020."""
    line = f"  verifie: {{par: Ève M., le: 2020-03-03, jusqu_au: {until}}}\n"
    replace_once(folder / file, f"- id: {record}\n", f"- id: {record}\n{line}")


def replace_once(path: Path, old: str, new: str) -> None:
    """Replace a passage that stands once in a file."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), "utf-8")
