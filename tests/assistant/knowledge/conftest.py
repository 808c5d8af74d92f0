"""A knowledge folder small enough to be read at a glance, and to be broken in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "sources.yml": """\
sources:
- id: page
  titre: La page
  editeur: L'éditeur
  langue: fr
  fichier: sources/page.txt
""",
    "sources/page.txt": """\
Le club (CLB) a été fondé à Lyon.
Il compte 12   membres
depuis 2001.
Pour en savoir plus : Ève Martin, ève@club.fr ; Paul Roy, paul@club.fr
""",
    "places.yml": """\
lieux:
  Lyon: FR
  Europe:
""",
    "subjects.yml": """\
sujets:
- id: club
  nom: club
  article: le
  noms: [club, CLB]
- id: membres
  repris_par: club
  nom: membres du club
  article: les
  noms: [membres]
""",
    "facts/club.yml": """\
faits:
- id: club.lieu
  question: Où le club a-t-il été fondé ?
  reponse: Le club a été fondé à Lyon.
  repond_a: [ou]
  source: page
  citations:
  - Le club (CLB) a été fondé à Lyon.
- id: club.sigle
  question: Que veut dire CLB ?
  reponse: CLB est le club.
  repond_a: [sigle, quoi]
  source: page
  citations:
  - Le club (CLB)
""",
    "facts/membres.yml": """\
faits:
- id: membres.nombre
  question: Combien de membres le club a-t-il ?
  reponse: Le club a 12 membres depuis 2001.
  repond_a: [combien, quand]
  source: page
  citations:
  - Il compte 12 membres
  - depuis 2001
""",
    "unknowns.yml": """\
inconnus:
- {id: budget, libelle: le budget, mots: [budget*]}
""",
    "other_names.yml": """\
noms:
  Rotary: le
""",
    "contacts.yml": """\
contacts:
- id: martin
  nom: Ève Martin
  role: présidente du club
  bureau: Lyon
  pays: [FR, BE]
  courriel: ève@club.fr
  source: page
  citations:
  - Ève Martin, ève@club.fr
- id: roy
  nom: Paul Roy
  role: trésorier du club
  bureau: Genève
  pays: [CH, FR]
  courriel: paul@club.fr
  source: page
  citations:
  - Paul Roy, paul@club.fr
""",
    "organisme.yml": """\
organisme:
  nom: Le club
  courriel: ecrire@club.fr
  confidentialite: https://www.club.fr/donnees
  horaires:
""",
    "urgences.yml": """\
services:
- nom: Secours
  numero: "112"
relu: {par: Ève Martin, le: 2026-11-01}
""",
}

Break = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a good knowledge folder."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Break:
    """Return a function that replaces one passage of one file."""

    def _edit(name: str, old: str, new: str) -> None:
        text = (folder / name).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} must stand once in {name}"
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return _edit
