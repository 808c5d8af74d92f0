"""What the assistant is compared with: Rasa's default pipeline, on a part of our questions, one intent per label.

It classifies single messages; the rest of a dialogue is not compared. A fact counts as given when the likeliest intent
is a fact's and Rasa's `FallbackClassifier`, at the threshold of its template, does not object.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from assistant.dialogue.decide import SMALL_TALK
from assistant.knowledge.base import Knowledge
from assistant.names import CONTACT
from assistant.settings import ROOT
from evaluation.outcomes import Ask, Outcome, Outcomes, same_answer, topic_of
from evaluation.scoring import FIGURES
from evaluation.taught import training_data
from tools.bench import BenchError, rasa_default
from tools.bench.bots import Running, running, tail

NAME = rasa_default.NAME
#: Kept with the models: it is trained again only when the questions have changed.
PROJECT = ROOT / "models" / NAME
#: The questions that can be put to it: single ones.
KINDS = frozenset(kind for figure in FIGURES if not figure.dialogue for kind in figure.kinds)
#: It learns from one question in so many of each label, some 2,500: all 10,000 take it an hour and a half on two cores.
#: That is to its disadvantage, and the report says so.
ONE_IN = 8
#: Rasa reads a slash as a retrieval intent of its own.
_SLASH = "__"
_CONFIG = {"recipe": "default.v1", "assistant_id": NAME, "language": "fr", "pipeline": None}
_PATIENCE_SECONDS = 180
_TIMEOUT_SECONDS = 60
#: What intents that are no fact's count as.
_KINDS = {"detresse": "distress", "autre_langue": "other_language"}


def prepare(project: Path = PROJECT) -> None:
    """Make Rasa's environment and train its default pipeline, where that has not been done for these questions.

    Raises:
        BenchError: one of the two failed.
    """
    rasa_default.install()
    data = project / "data" / "nlu.yml"
    model = rasa_default.model_of(project)
    wanted = nlu(*training_data())
    if model.exists() and data.read_text(encoding="utf-8") == wanted:
        return
    model.unlink(missing_ok=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    data.write_text(wanted, encoding="utf-8")
    (project / "config.yml").write_text(yaml.safe_dump(_CONFIG), encoding="utf-8")
    print(f"Entraînement de {NAME} (une vingtaine de minutes)...", flush=True)
    rasa_default.train(project, "nlu", "--nlu", "data")


def nlu(texts: Sequence[str], labels: Sequence[str]) -> str:
    """Return NLU data of Rasa that has each label as a plain intent, with one in `ONE_IN` of its questions."""
    examples = defaultdict(list)
    for text, label in zip(texts, labels, strict=True):
        examples[label].append(f"- {text}\n")
    blocks = [
        {"intent": label.replace("/", _SLASH), "examples": "".join(rows[::ONE_IN])} for label, rows in examples.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False)


@contextmanager
def asking(knowledge: Knowledge, project: Path = PROJECT) -> Iterator[Ask]:
    """Yield what asks the trained pipeline, which runs for as long as this lasts; each message counts alone.

    Raises:
        BenchError: it does not start, or does not answer.
    """
    bot = rasa_default.bot(project, "--enable-api")
    with running(bot) as process, httpx.Client(base_url=process.url, timeout=_TIMEOUT_SECONDS, trust_env=False) as rasa:
        _wait(rasa, process)

        def ask(messages: Sequence[str]) -> list[Outcomes]:
            try:
                parsed = [rasa.post("/model/parse", json={"text": text}).raise_for_status() for text in messages]
            except httpx.HTTPError as error:
                raise BenchError(f"{NAME} ne répond plus ({error}) :\n{tail(process.log)}") from None
            return [(outcome_of(one.json()["intent"]["name"], knowledge),) for one in parsed]

        yield ask


def outcome_of(intent: str, knowledge: Knowledge) -> Outcome:
    """Return what a message of an intent counts as."""
    label, _, key = intent.partition(_SLASH)
    if label == CONTACT:
        return Outcome("contact", (CONTACT,))
    if label == "fait":
        return Outcome("answer", same_answer(key, knowledge))
    if label in SMALL_TALK:
        return Outcome("small_talk", topic=label)
    kind = _KINDS.get(label, "refusal")
    return Outcome(kind, topic=topic_of(kind))


def _wait(rasa: httpx.Client, process: Running) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        process.check()
        try:
            rasa.post("/model/parse", json={"text": "bonjour"}).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise BenchError(f"{NAME} n'a pas répondu en {_PATIENCE_SECONDS} secondes :\n{tail(process.log)}")
