"""A small copy of the project that holds together: two topics of facts with their questions, and what is no fact."""

import re
import shutil
from pathlib import Path

from assistant.settings import ROOT
from tests.as_it_comes import knowledge_as_it_comes

TOPICS = ("oim", "site")
_TAUGHT = (*TOPICS, "contact", "conversation", "detresse", "langues")
#: How many questions of a label a copy keeps.
_MOST = 20
_BLOCK = re.compile(rf"((?:^    - .*\n){{{_MOST}}})(?:^    - .*\n)+", re.M)
_WHOLE = ("config.yml", "domain.yml", "requirements.txt", "components", "assistant", "data/rules", "data/responses")
_ASKED = Path("evaluation/questions/dev/faits.yml")


def small_project(target: Path) -> Path:
    """Copy what a review reads and changes, and what a model is trained from."""
    knowledge = knowledge_as_it_comes(target / "knowledge")
    for path in (knowledge / "facts").iterdir():
        if path.stem not in TOPICS:
            path.unlink()
    for name in (*_WHOLE, *(f"data/nlu/{topic}" for topic in _TAUGHT)):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, target / name)
    for path in (target / "data" / "nlu").rglob("*.yml"):
        path.write_text(_BLOCK.sub(r"\1", path.read_text("utf-8")), "utf-8")
    (target / _ASKED).parent.mkdir(parents=True)
    head, *rows = re.split(r"^(?=- )", (ROOT / _ASKED).read_text("utf-8"), flags=re.M)
    kept = (re.sub(r"attendu: \[(.*)\]", _on_topic, row) for row in rows)
    (target / _ASKED).write_text(head + "".join(row for row in kept if "attendu: []" not in row), "utf-8")
    return target


def _on_topic(expected: re.Match[str]) -> str:
    """Return what a question accepts without facts that the copy lacks."""
    facts = [fact for fact in expected[1].split(", ") if fact.split(".")[0] in (*TOPICS, "contact")]
    return f"attendu: [{', '.join(facts)}]"


def everything(root: Path) -> dict[str, bytes]:
    """Return what is in each file of a folder."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
