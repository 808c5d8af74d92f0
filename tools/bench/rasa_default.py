"""What the assistant is compared with: Rasa as `rasa init` sets it up, with TensorFlow, in an environment of its own.

Its bot answers a sample of our facts with static responses: it calls no action server, and keeps conversations in
memory. Both are in its favour.
"""

import filecmp
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import yaml

from assistant.settings import ROOT
from tools.bench import BenchError
from tools.bench.bots import Bot, Launch
from tools.bench.sample import Topic
from tools.bench.training import seconds_of
from tools.servers import free_port

NAME = "rasa-default"
ENVIRONMENT = ROOT / ".rasa-default"
REQUIREMENTS = ROOT / "tools" / "rasa_default" / "requirements.txt"
_INSTALLED = ENVIRONMENT / "installed.txt"
_PYTHON = ENVIRONMENT / "bin" / "python"
#: `-E`: nothing of our environment's settings, such as PYTHONPATH.
_RASA = (str(_PYTHON), "-E", "-m", "rasa")


def install() -> None:
    """Make the environment from its pins, unless it is there.

    Raises:
        BenchError: there is no uv, or it failed.
    """
    if _INSTALLED.exists() and filecmp.cmp(REQUIREMENTS, _INSTALLED, shallow=False):
        return
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".uv" / "bin"))
    if uv is None:
        raise BenchError("uv est introuvable : installez-le, ou effacez .venv pour que make bench l'installe.")
    print(f"Installation de Rasa avec TensorFlow dans {ENVIRONMENT.name} (environ 2,8 Go)...", flush=True)
    sync = [uv, "pip", "sync", "--python", str(_PYTHON), "--require-hashes", "--compile-bytecode", str(REQUIREMENTS)]
    try:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, ENVIRONMENT], check=True)
        subprocess.run(sync, check=True)
    except subprocess.CalledProcessError:
        raise BenchError("L'installation n'a pas abouti : vérifiez le réseau et la place sur le disque.") from None
    shutil.copy(REQUIREMENTS, _INSTALLED)


def train(project: Path, *options: str) -> float:
    """Train the bot of a project folder, with further options of `rasa train`, and return the seconds.

    Raises:
        BenchError: it could not be trained.
    """
    return seconds_of([*_RASA, "train", *options, "--fixed-model-name", NAME], project, _variables())


def model_of(project: Path) -> Path:
    """Return the model that a project folder has once it is trained."""
    return project / "models" / f"{NAME}.tar.gz"


def bot(project: Path, *options: str) -> Bot:
    """Return the trained bot of a project folder, to be run with further options of `rasa run`."""
    model = model_of(project)

    def launch(_: Path) -> Launch:
        port = free_port()
        where = ("--interface", "127.0.0.1", "--port", str(port))
        command = (*_RASA, "run", "--model", str(model), *where, *options)
        return Launch(command, project, _variables(), f"http://127.0.0.1:{port}")

    return Bot(NAME, ENVIRONMENT, model, False, launch)


def write_project(project: Path, sample: Sequence[Topic]) -> None:
    """Write the files of a bot that answers a sample.

    Its configuration names no pipeline and no policy: as in the project of `rasa init`, Rasa takes its own.
    """
    intents = [topic.intent for topic in sample]
    steps = {intent: [{"intent": intent}, {"action": f"utter_{intent}"}] for intent in intents}
    files = {
        "config.yml": {
            "recipe": "default.v1",
            "assistant_id": NAME,
            "language": "fr",
            "pipeline": None,
            "policies": None,
        },
        "credentials.yml": {"rest": None},
        "domain.yml": {
            "version": "3.1",
            "intents": intents,
            "responses": {f"utter_{topic.intent}": [{"text": str(topic.fact.answer)}] for topic in sample},
        },
        "data/nlu.yml": {
            "version": "3.1",
            "nlu": [{"intent": topic.intent, "examples": _listed(topic.examples)} for topic in sample],
        },
        "data/rules.yml": {
            "version": "3.1",
            "rules": [{"rule": intent, "steps": steps[intent]} for intent in intents],
        },
        "data/stories.yml": {
            "version": "3.1",
            "stories": [{"story": f"{one}, {two}", "steps": steps[one] + steps[two]} for one, two in pairwise(intents)],
        },
    }
    for name, content in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _listed(examples: Sequence[str]) -> str:
    return "".join(f"- {example}\n" for example in examples)


def _variables() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
