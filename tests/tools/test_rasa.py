"""Rasa's own commands work unmodified, without TensorFlow and with nothing set in the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

from assistant.settings import ROOT
from tools.train import ensure_model

RASA = Path(sys.executable).with_name("rasa")


def test_rasa_test_nlu_reports_on_facts_and_near_misses(tmp_path: Path) -> None:
    ensure_model()
    command = [str(RASA), "test", "nlu", "--nlu", "data/nlu/ocam/role.yml", "--no-plot", "--out", str(tmp_path)]
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("RASA_", "ASSISTANT_"))}
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads((tmp_path / "response_selection_report.json").read_text("utf-8"))
    assert report["fait/ocam.role"]["recall"] > 0.9
    assert report["inconnu/ocam.role"]["recall"] > 0.9


def test_tensorflow_is_not_installed() -> None:
    code = "import tensorflow, pathlib; print(pathlib.Path(tensorflow.__file__).parent.parent.name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "stubs"
