"""The knowledge as it comes: nobody has put it online yet, whatever the project's own says by now."""

import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import load_knowledge
from assistant.settings import ROOT

#: What `make pret` fills in, and how it stands before, by file.
EMPTY = {
    "organisme.yml": [(r"^(  \w+:).*$", r"\1")],
    "urgences.yml": [(r"^relu:.*\n(?: .*\n)*", "relu:\n"), (r"^services:.*\n(?:[- ].*\n)*", "services: []\n")],
    "sources.yml": [(r"^  (?:adresse|date|introuvables):.*\n", "")],
}


#: The files that `make pret` fills in.
FILLED = tuple(EMPTY)


def knowledge_as_it_comes(target: Path) -> Path:
    """Copy the project's knowledge to a folder that is not there yet, without what its operator filled in."""
    shutil.copytree(ROOT / "knowledge", target)
    for name, changes in EMPTY.items():
        path = target / name
        text = path.read_text("utf-8")
        for pattern, empty in changes:
            text = re.sub(pattern, empty, text, flags=re.M)
        path.write_text(text, "utf-8")
    return target


@lru_cache(maxsize=1)
def as_it_comes() -> Knowledge:
    """Return that knowledge, for what is made before any fixture."""
    with tempfile.TemporaryDirectory() as folder:
        return load_knowledge(knowledge_as_it_comes(Path(folder) / "knowledge"))
