"""What the guide shows of pause, versions and backup is what an operator reads who types the same."""

import os
import re
import shlex
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pytest

from assistant.knowledge.loader import knowledge_version
from assistant.knowledge.snapshots import Snapshots, snapshots_folder
from assistant.settings import ROOT, Settings
from tests.docs import pages
from tools import backup, words
from tools.backup import BackupError, restore, save
from tools.kept_models import MODEL, RECORD, keep, sha256_of
from tools.pause import pause, resume
from tools.train import fingerprint
from tools.versions import activate, listing

CHAPTERS = ("Mettre l'assistant en pause", "Revenir à une version d'avant, sauvegarder, restaurer")


def transcripts() -> list[tuple[str, str]]:
    """Return each command of the chapters with what it says."""
    text = "".join(pages.section(pages.GUIDE, title) for title in CHAPTERS)
    return re.findall(r"^```\n\$ make ([^\n]*)\n(.*?)^```$", text, re.S | re.M)


def told_alike(said: str) -> str:
    """Return what a command says without what differs each time: versions, dates, sizes, the widths of columns."""
    said = re.sub(r"\b[0-9a-f]{12}\b", "VERSION", said)
    said = re.sub(r"\d\d/\d\d/\d{4} à \d\d:\d\d", "DATE", said)
    said = re.sub(r"sauvegarde-[\d-]+\.tar", "sauvegarde-DATE.tar", said)
    said = re.sub(r"\d+ fichiers(, [\d,]+ Mo)?", "N fichiers", said)
    return "\n".join(re.sub(r"(-{2,}| )+", " ", line).rstrip() for line in said.splitlines())


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Operator":
    for name in ("knowledge", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.setattr(words, "ROOT", tmp_path)
    monkeypatch.setattr(backup, "_free_name", lambda *_: tmp_path / "sauvegarde-2026-11-24-1032.tar.gz")
    monkeypatch.setattr(backup, "in_use", lambda _: None)
    return Operator(tmp_path)


class Operator:
    """Types the guide's commands in a project of two models and two knowledges; the guide's versions are theirs."""

    def __init__(self, root: Path) -> None:
        self._root = root
        base, knowledge = str(root / "var" / "conversations.db"), str(root / "knowledge")
        self._settings = Settings.read({"ASSISTANT_BASE": base, "ASSISTANT_CONNAISSANCES": knowledge})
        self._base = root / "var" / "pause.json"
        snapshots = Snapshots(snapshots_folder(self._settings))
        here = knowledge_version(self._settings.knowledge)
        (root / "knowledge" / "sources" / "note.txt").write_text("avant")
        before = knowledge_version(self._settings.knowledge)
        snapshots.keep(self._settings.knowledge, before)
        os.utime(snapshots_folder(self._settings) / f"{before}.tar.gz", (1, 1))
        (root / "knowledge" / "sources" / "note.txt").unlink()
        snapshots.keep(self._settings.knowledge, here)
        self._named = {
            "209a": before,
            "6833": self._train("avant"),
            "0fd6": self._train("maintenant", fingerprint(root)),
        }

    def _train(self, content: str, inputs: str = "0" * 64) -> str:
        model = self._root / MODEL
        model.parent.mkdir(exist_ok=True)
        model.write_text(content)
        (self._root / RECORD).write_text(f"{inputs}  entrées\n{sha256_of(model)}  {MODEL.name}\n")
        os.utime(model, (len(content), len(content)))  # trained in this order
        return keep(model)

    def type(self, command: str) -> str:
        """Do what a command of make does; return what it says."""
        target, *given = shlex.split(command)
        values = dict(one.split("=", 1) for one in given)
        doing: Mapping[str, Callable[[], str]] = {
            "pause": lambda: pause(self._base, values["MSG"], datetime.now().astimezone()),
            "reprise": lambda: resume(self._base),
            "versions": lambda: listing(self._settings, self._root),
            "revenir": lambda: activate(self._named.get(values["VERSION"], "actuelle"), self._settings, self._root),
            "sauvegarde": lambda: save(self._settings, None, self._root),
            "restaure": lambda: restore(self._settings, self._root / values["FILE"], False, self._root),
        }
        try:
            return doing[target]()
        except BackupError as error:
            return str(error)


def test_each_transcript_is_what_is_said(operator: Operator, tmp_path: Path) -> None:
    shown = transcripts()
    assert len(shown) >= 9
    for command, said in shown:
        if "changerait" in said:  # as the text above it says
            (tmp_path / "var" / "secret").write_text("un autre")
        elif command == "sauvegarde":
            (tmp_path / "var" / "secret").write_text("un secret")
        assert told_alike(operator.type(command)) == told_alike(said), command
