"""What accepting a group of questions would write, and how who reviews may change it first."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from assistant.french import fold
from tools.add_source.drafts import slug
from tools.add_source.publishing import draft_path
from tools.lint_faq.content import Content, comparable
from tools.report.proposals import UNKNOWNS, Proposal, files_by_label, row_of

#: What may be typed to change a step, for the terminal.
CHANGES = """\
  3 autre texte            récrire la ligne 3
  -3                       retirer la ligne 3
  + une question           ajouter une ligne
  fait sujet.attribut      ces questions sont celles de ce fait
  voisine sujet.attribut   ce sont des questions voisines de ce fait : il n'y répond pas
  libelle le podcast       ce que dit le refus, pour un nouvel inconnu
  mots podcast*, balado*   les mots qui le trahissent
  sans inconnu             ne rien écrire dans knowledge/unknowns.yml
  Entrée                   c'est bien ainsi"""
_LONGEST_TOPIC = 40
#: A label with its article takes a subject behind it: « le podcast de l'OIM ».
_ARTICLE = re.compile(r"(?:l[ae]s? |l')")
_ROW = re.compile(r"(-?)\s*(\d+)\s*(.*)")


@dataclass(frozen=True)
class Quote:
    """A sentence of a source that seems to answer."""

    source: str
    text: str


@dataclass(frozen=True)
class Step:
    """What accepting a group writes.

    Attributes:
        rows: the questions: to be learnt from, or the first ones of a draft.
        label: what they are learnt as; None where they are in a draft, or nowhere.
        unknown: the record of something that the sources lack; None without one.
        quote: the sentence that a fact is drafted on; None without one.
        topic: the name of that draft.
    """

    rows: tuple[str, ...]
    label: str | None = None
    unknown: Mapping[str, Any] | None = None
    quote: Quote | None = None
    topic: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it writes nothing."""
        return not (self.unknown or self.quote or (self.label and self.rows))

    @property
    def unknown_line(self) -> str:
        """The record of what the sources lack, as its file has it: on one line."""
        row: str = yaml.safe_dump(
            dict(self.unknown or {}), default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
        )
        return f"- {row.strip()}"


def step_of(proposal: Proposal, content: Content, taken: Callable[[Path], bool]) -> Step:
    """Return what a proposal would write today: nothing that is there already.

    Args:
        proposal: as the report makes it.
        content: the training data and the knowledge as they are by now.
        taken: whether there is a draft of that name, by its place in the project.
    """
    taught = {question.key for question in content.questions}
    rows = dict.fromkeys(row for row in map(row_of, proposal.questions) if comparable(row) not in taught)
    label = proposal.label if proposal.label in files_by_label(content) else None
    proposed = (yaml.safe_load(one.yaml)[0] for one in proposal.additions if one.file == UNKNOWNS)
    unknown = next((row for row in proposed if row["id"] not in content.knowledge.unknowns), None)
    if proposal.passage and proposal.source:
        quote = Quote(proposal.source, proposal.passage)
        return Step(tuple(rows), quote=quote, topic=_topic(proposal.representative, taken))
    return Step(tuple(rows), label, unknown)


def shown(step: Step, content: Content) -> Iterator[str]:
    """Yield the lines that a step would write, and where, for the terminal."""
    if step.unknown:
        label, behind = step.unknown["libelle"], "" if step.unknown.get("complet") else " de l'OIM"
        yield f"À la fin de {UNKNOWNS} :"
        yield f"     {step.unknown_line}"
        yield f"     (le refus dira : « Ma source ne donne pas {label}{behind} »)"
    if step.quote:
        yield f"La source dit : « {step.quote.text} »"
        yield f"Un brouillon de fait à compléter, {draft_path(step.topic)}, qui commence par ces questions :"
    elif step.label:
        kind, _, fact_id = step.label.partition("/")
        fact = content.knowledge.fact(fact_id)
        said = f" « {fact.question} »" if fact else ""
        what = (
            f"questions du fait{said}" if kind == "fait" else f"questions voisines{said and f' de{said}'}, sans réponse"
        )
        yield f"Dans {files_by_label(content)[step.label]}, sous « {step.label} » :"
        yield f"     ({what})"
    elif step.rows:
        yield "Ces questions ne vont encore nulle part (m, puis « voisine sujet.attribut ») :"
    for number, row in enumerate(step.rows, 1):
        yield f"{number:4d} - {row}"


def changed(step: Step, said: str, content: Content) -> Step:
    """Return a step as one line that was typed changes it.

    Raises:
        ValueError: the line changes nothing; the message says why, in French.
    """
    row = _ROW.fullmatch(said)
    if row:
        return _with_row(step, int(row[2]), row[3], removes=bool(row[1]))
    if said.startswith("+"):
        return replace(step, rows=(*step.rows, _written(said[1:])))
    word, _, rest = said.partition(" ")
    command, rest = fold(word), rest.strip()
    if command in {"fait", "voisine"}:
        return _under(step, "fait" if command == "fait" else "inconnu", rest, content)
    if command in {"libelle", "mots", "sans"}:
        return _with_unknown(step, command, rest)
    raise ValueError("Je n'ai pas compris. Voici ce qui peut être tapé :\n" + CHANGES)


def _with_row(step: Step, number: int, text: str, removes: bool) -> Step:
    """Return a step with a row rewritten or removed."""
    if not 1 <= number <= len(step.rows):
        raise ValueError(f"Il n'y a pas de ligne {number}.")
    middle = () if removes else (_written(text),)
    return replace(step, rows=(*step.rows[: number - 1], *middle, *step.rows[number:]))


def _written(said: str) -> str:
    """Return what was typed as a row; a dash before it is that of the list."""
    row = row_of(said).lstrip("- ")
    if not fold(row):
        raise ValueError("Il manque le texte de la question.")
    return row


def _under(step: Step, kind: str, fact_id: str, content: Content) -> Step:
    """Return a step whose rows are a fact's questions, or near-misses of it: with a fact, no unknown is named."""
    if content.knowledge.fact(fact_id) is None:
        start = fact_id.partition(".")[0]
        near = [one for one in content.knowledge.facts if start and one.startswith(start)]
        there = f" Il y a : {', '.join(near)}." if near else ""
        raise ValueError(f"Le fait « {fact_id} » n'existe pas.{there}")
    label = f"{kind}/{fact_id}"
    if label not in files_by_label(content):
        raise ValueError(f"Aucune question n'est encore sous « {label} » ; commencez-la à la main (guide).")
    return replace(step, label=label, quote=None, unknown=None if kind == "fait" else step.unknown)


def _with_unknown(step: Step, command: str, rest: str) -> Step:
    """Return a step with another record of what the sources lack, or without one."""
    if step.unknown is None:
        raise ValueError("Il n'y a pas de nouvel inconnu ici.")
    if command == "sans":
        return replace(step, unknown=None)
    row = dict(step.unknown)
    if command == "mots":
        words = [fold(word) + "*" * word.strip().endswith("*") for word in rest.split(",") if fold(word)]
        if not words:
            raise ValueError("Il manque les mots, séparés par des virgules.")
        return replace(step, unknown={**row, "mots": words})
    if not rest:
        raise ValueError("Il manque le libellé, avec son article : « libelle le podcast ».")
    whole = {} if _ARTICLE.match(rest) else {"complet": True}
    return replace(step, unknown={"id": row["id"], "libelle": rest, **whole, "mots": row["mots"]})


def _topic(question: str, taken: Callable[[Path], bool]) -> str:
    """Return a name for the draft of a fact that a question asks for, which nothing has yet."""
    whole = slug(question, "-") or "question"
    name = whole if len(whole) <= _LONGEST_TOPIC else whole[: _LONGEST_TOPIC + 1].rpartition("-")[0]
    topic, number = name, 1
    while any(taken(path) for path in (draft_path(topic), Path("knowledge", "facts", f"{topic}.yml"))):
        number += 1
        topic = f"{name}-{number}"
    return topic
