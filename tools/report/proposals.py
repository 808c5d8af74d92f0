"""What to do next about questions that got no answer: one proposal for each group of questions of one meaning."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import yaml
from rapidfuzz import fuzz

from assistant.french import fold, with_article
from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import same_passage
from assistant.settings import ROOT, Settings
from assistant.understanding.followup import asked_by, refers_back
from assistant.understanding.mentions import MentionFinder
from assistant.understanding.normalise import normalise
from channels.journal import Entry, Journal
from tools.lint_faq.content import Content, read_content
from tools.report.clusters import Cluster, clusters
from tools.report.period import Period
from tools.report.personal import is_personal, known_words
from tools.report.sources import Passage, content_words, passage_on, passages

#: Where what the sources lack is written.
UNKNOWNS = "knowledge/unknowns.yml"
#: A group of fewer questions is no reason to change anything.
FEWEST = 3
#: The most questions that a proposal shows, and that its YAML holds.
MOST_QUESTIONS = 12
#: A fact is what most of a group meant if it is the likeliest fact of that share of them,
_MOST_OF = 0.6
#: and if it is, on average, at least that likely, and likelier than all else together.
_LIKELY = 0.4
#: A word that a larger share of the questions for facts have tells no new meaning.
_COMMON = 0.004

#: Words that stand beside a telling one in that share of the questions that have it belong to it, up to so many.
_ALWAYS = 0.6
_LONGEST_PHRASE = 4
#: Questions this alike (percent) are one question with a slip of the finger.
_SAME = 92
#: The kinds of labels that are weighed against a fact.
_AGAINST = frozenset({"fait", "inconnu", "hors_sujet"})
#: A quotation mark would end the label.
_NO_QUOTES = str.maketrans({'"': " ", "\\": " "})
#: Brackets and braces have a meaning for Rasa; a dash would begin another row.
_NO_MEANING = str.maketrans({sign: " " for sign in "[]{}`|\n\t"})

Kind = Literal["wording", "unknown", "fact", "nothing"]


@dataclass(frozen=True)
class Addition:
    """What is to be pasted at the end of a file.

    Attributes:
        file: the file, from the project's folder.
        yaml: the lines.
    """

    file: str
    yaml: str


@dataclass(frozen=True)
class Proposal:
    """What to do about a group of questions.

    Attributes:
        id: the same as long as the same question stands for the group.
        kind: new questions for a fact, something new that the sources lack, a new fact to write, or nothing.
        reason: why, in French.
        representative: the question that stands for the group, masked.
        questions: those that may become training data, the most asked first: nothing personal is among them.
        count: how many times it was asked in the period.
        before: how many times in the period before; None if no questions of that time are kept.
        fact: the id of the fact that new questions are for.
        label: the label of the training data that the questions would stand under.
        passage: the passage of a source that seems to answer.
        source: its source's id.
        additions: what is to be pasted where.
    """

    id: str
    kind: Kind
    reason: str
    representative: str
    questions: tuple[str, ...]
    count: int
    before: int | None
    fact: str | None = None
    label: str | None = None
    passage: str | None = None
    source: str | None = None
    additions: tuple[Addition, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def proposals(journal: Journal, period: Period, knowledge: Knowledge) -> list[Proposal]:
    """Return what to do about the questions of a period that got no answer, the most asked first.

    Args:
        journal: what was asked.
        period: the time that counts; the one of the same length before it is compared.
        knowledge: what the assistant knows.

    Raises:
        KnowledgeError: the training data cannot be read.
        sqlite3.Error: the journal cannot be read.
    """
    entries = journal.entries(period.before.start, period.end)
    return propose(entries, period, knowledge, Settings.read().knowledge, read_content(ROOT))


def propose(
    entries: Sequence[Entry], period: Period, knowledge: Knowledge, folder: Path, content: Content
) -> list[Proposal]:
    """Return the proposals for decisions that were read already.

    Args:
        entries: the decisions of the period and of the one before it.
        period: as for `proposals`.
        knowledge: what the assistant knows.
        folder: the folder of the knowledge, which has the sources.
        content: the training data that the additions are for.
    """
    asked = [entry for entry in entries if entry.text]
    compared = bool(period.before.of(asked))
    editor = _Editor(knowledge, passages(knowledge, folder), content)
    # « combien ? » resembles each question with that word, and means none of them.
    follows = {text: editor.follows(text) for text in {str(entry.text) for entry in asked}}
    found = []
    for together in (False, True):
        for cluster in clusters([entry for entry in asked if follows[str(entry.text)] is together]):
            count = len(period.of(cluster.entries))
            if count:
                before = len(period.before.of(cluster.entries)) if compared else None
                found.append(editor.proposal(cluster, count, before))
    return sorted(found, key=lambda one: (-one.count, one.representative))


class _Editor:
    """Weighs what a group of questions calls for.

    Args:
        knowledge: what the assistant knows.
        sentences: what its sources say.
        content: the training data.
    """

    def __init__(self, knowledge: Knowledge, sentences: Sequence[Passage], content: Content) -> None:
        self._knowledge = knowledge
        self._files = files_by_label(content)
        self._taught = {question.key for question in content.questions}
        self._known = known_words(knowledge)
        self._finder = MentionFinder(knowledge)
        answered = [question for question in content.questions if question.label.startswith("fait/")]
        self._common = Counter(word for question in answered for word in set(fold(question.text).split()))
        self._most_common = _COMMON * len(answered)
        self._passages = sentences

    def follows(self, question: str) -> bool:
        """Return whether a question is understood only after the one before it."""
        return asked_by(question) is not None or (refers_back(question) and not self._finder.find(question).subjects)

    def proposal(self, cluster: Cluster, count: int, before: int | None) -> Proposal:
        """Return what to do about a group."""
        nobodys = [one for one in cluster.questions if not is_personal(one, self._known)]
        whole = [one for one in nobodys if not self.follows(one)]
        new = _different([one for one in whole if fold(one) not in self._taught])
        representative = next(iter([*whole, *nobodys]), cluster.representative)
        base = Proposal(
            id=sha256(normalise(representative).encode()).hexdigest()[:12],
            kind="nothing",
            reason="",
            representative=representative,
            questions=tuple(new[:MOST_QUESTIONS]),
            count=count,
            before=before,
        )
        if count < FEWEST:
            return replace(base, reason="trop rare pour en conclure quelque chose")
        if not new:
            why = _ALREADY_TAUGHT if whole else _FOLLOW_UPS if nobodys else _PERSONAL
            return replace(base, reason=why)
        for step in (self._off_topic, self._wording, self._known_unknown, self._fact, self._unknown):
            found = step(base, cluster)
            if found:
                return found
        return replace(base, reason="pas de suite évidente ; lisez ces questions")

    def _off_topic(self, base: Proposal, cluster: Cluster) -> Proposal | None:
        """Questions about something else, and noise."""
        share = _share(cluster, lambda entry: entry.kind == "off_topic" or _top(entry) == "hors_sujet")
        return replace(base, reason="sans rapport avec les sources") if share >= _MOST_OF else None

    def _wording(self, base: Proposal, cluster: Cluster) -> Proposal | None:
        """The assistant was nearly sure of one fact: it is to learn these words."""
        likeliest = Counter(_likeliest_fact(entry) for entry in cluster.entries)
        (fact_id, times) = likeliest.most_common(1)[0]
        fact = self._knowledge.fact(fact_id)
        own = [entry for entry in cluster.entries if _likeliest_fact(entry) == fact_id]
        sure = sum(map(_score, own)) / len(own)
        against = sum(map(_against, own)) / len(own)
        if not fact or times < _MOST_OF * len(cluster.entries) or sure < max(_LIKELY, against):
            return None
        why = f"l'assistant pensait à « {fact.question} » sans en être assez sûr ({100 * sure:.0f} %)"
        label = f"fait/{fact_id}"
        return replace(
            base, kind="wording", reason=why, fact=fact_id, label=label, additions=(self._taught_under(label, base),)
        )

    def _known_unknown(self, base: Proposal, cluster: Cluster) -> Proposal | None:
        """What the refusal names already: nothing could be said better."""
        named = Counter(_named(entry, self._knowledge) for entry in cluster.entries)
        name, times = named.most_common(1)[0]
        if not name or times < _MOST_OF * len(cluster.entries):
            return None
        return replace(base, reason=f"l'assistant dit déjà que sa source ne donne pas {name}")

    def _fact(self, base: Proposal, cluster: Cluster) -> Proposal | None:
        """A source seems to answer: somebody is to read the sentence and write the fact."""
        passage = passage_on(cluster.questions, self._passages)
        if passage is None:
            return None
        quoting = [
            fact.id
            for fact in self._knowledge.facts.values()
            if same_passage(passage.text) in map(same_passage, fact.quotes)
        ]
        why = "une phrase de la source semble y répondre ; lisez-la"
        if quoting:
            why += f" (elle est déjà citée par {', '.join(quoting)})"
        topic = self._topic(cluster)
        addition = Addition(f"knowledge/facts/{topic}.yml", _fact_yaml(base.representative, passage))
        return replace(
            base, kind="fact", reason=why, passage=passage.text, source=passage.source, additions=(addition,)
        )

    def _unknown(self, base: Proposal, cluster: Cluster) -> Proposal | None:
        """People ask for something that the sources lack: the refusal is to name it, and no fact is to be given."""
        phrase = _telling_phrase(cluster.questions, self._common, self._most_common)
        if phrase is None:
            return None
        likely = Counter(
            one.label for entry in cluster.entries for one in entry.candidates[:1] if one.intent == "inconnu"
        )
        label = likely.most_common(1)[0][0] if likely else f"inconnu/{_likeliest_fact(cluster.entries[0])}"
        additions = []
        if phrase.replace(" ", "_") not in self._knowledge.unknowns:
            written = _as_written(phrase, cluster.questions)
            additions.append(Addition(UNKNOWNS, _unknown_yaml(phrase, written)))
        if label in self._files:
            additions.append(self._taught_under(label, base))
        why = "la source ne le donne pas, et l'assistant ne sait pas encore le nommer"
        return replace(base, kind="unknown", reason=why, label=label, additions=tuple(additions))

    def _taught_under(self, label: str, base: Proposal) -> Addition:
        rows = "".join(f"    - {row_of(question)}\n" for question in base.questions)
        return Addition(self._files[label], f"- intent: {label}\n  examples: |\n{rows}")

    def _topic(self, cluster: Cluster) -> str:
        """Return the file of facts that a new one most likely belongs into."""
        likeliest = (self._knowledge.fact(_likeliest_fact(entry)) for entry in cluster.entries)
        topics = Counter(fact.topic for fact in likeliest if fact)
        return topics.most_common(1)[0][0] if topics else next(iter(self._knowledge.facts.values())).topic


#: Why nothing is to be done where no question may be taught.
_ALREADY_TAUGHT = "ces questions sont déjà dans l'apprentissage"
_FOLLOW_UPS = "elles suivent une autre question et ne se comprennent pas seules"
_PERSONAL = "chacune dit quelque chose d'une personne : aucune n'est reprise"


def _different(questions: Sequence[str]) -> list[str]:
    """Return questions without those that are nearly one before them."""
    kept: list[str] = []
    for question in questions:
        if all(fuzz.ratio(fold(question), fold(one)) < _SAME for one in kept):
            kept.append(question)
    return kept


def files_by_label(content: Content) -> dict[str, str]:
    """Return the file of each label: where most of its questions stand."""
    counts = Counter((question.label, question.place.file) for question in content.questions)
    return {label: file for (label, file), _ in reversed(counts.most_common())}


def _share(cluster: Cluster, holds: Callable[[Entry], bool]) -> float:
    return sum(map(holds, cluster.entries)) / len(cluster.entries)


def _top(entry: Entry) -> str:
    return entry.candidates[0].intent if entry.candidates else ""


def _likeliest_fact(entry: Entry) -> str:
    return next((one.key for one in entry.candidates if one.intent == "fait"), "")


def _score(entry: Entry) -> float:
    """Return how likely its likeliest fact is."""
    return next((one.score for one in entry.candidates if one.intent == "fait"), 0.0)


def _against(entry: Entry) -> float:
    """Return how likely near-misses, other subjects and other facts are together."""
    return sum(one.score for one in entry.candidates if one.intent in _AGAINST) - _score(entry)


def _named(entry: Entry, knowledge: Knowledge) -> str:
    """Return what a refusal named, as it says it; nothing for the words that only ask (« quand », « combien »)."""
    if entry.other_name in knowledge.other_names:
        other = knowledge.other_names[str(entry.other_name)]
        return with_article(other.article, other.name)
    unknown = knowledge.unknowns.get(entry.unknown or "")
    return unknown.label if unknown and not unknown.said else ""


def row_of(question: str) -> str:
    """Return a question as a row of training data: on one line, without what has a meaning for Rasa."""
    return " ".join(question.translate(_NO_MEANING).split())


def _telling_phrase(questions: Sequence[str], common: Mapping[str, int], most: float) -> str | None:
    """Return the word that tells some questions from others, with the words that always stand beside it.

    Most of them have it, and few questions for facts do: `common` counts its words in them, `most` is the most.
    """
    told = [fold(question).split() for question in questions]
    share = Counter(word for words in told for word in set(words) if len(word) > 3)
    rare = {word: times**2 / (1 + math.log1p(common.get(word, 0))) for word, times in share.items()}
    able = [word for word, times in share.items() if times * 2 >= len(told) and common.get(word, 0) <= most]
    if not able:
        return None
    word = max(able, key=lambda one: (rare[one], one))
    phrases = Counter(phrase for words in told for phrase in set(_phrases(words, word)))
    always = [phrase for phrase, times in phrases.items() if times >= max(FEWEST, _ALWAYS * share[word])]
    return max(always, key=lambda phrase: (len(phrase.split()), phrase), default=word)


def _phrases(words: Sequence[str], word: str) -> Iterator[str]:
    """Yield the runs of words around one that begin and end with words that say something."""
    for length in range(1, _LONGEST_PHRASE + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if word in run and all(len(end) > 3 and content_words(end) for end in (run[0], run[-1])):
                yield " ".join(run)


def _as_written(phrase: str, questions: Sequence[str]) -> str:
    """Return a phrase with the accents and signs that a question gives it."""
    length = len(phrase.split())
    found: Counter[str] = Counter()
    for question in questions:
        words = list(re.finditer(r"\w+", question))
        for first, last in zip(words, words[length - 1 :], strict=False):
            run = question[first.start() : last.end()]
            if fold(run) == phrase:
                found[run] += 1
    return max(found, key=lambda run: (len(run.encode()), found[run], run), default=phrase)


def _unknown_yaml(phrase: str, written: str) -> str:
    """Return the line of a new unknown; its label needs no article, which only a person knows."""
    words = f"{phrase}*" if " " not in phrase else phrase
    label = f"d'informations sur « {written.translate(_NO_QUOTES)} »"
    return f'- {{id: {phrase.replace(" ", "_")}, libelle: "{label}", complet: true, mots: [{words}]}}\n'


def _fact_yaml(question: str, passage: Passage) -> str:
    """Return the outline of a fact: what only a person can write is marked."""
    outline = {
        "id": "SUJET.ATTRIBUT",
        "question": row_of(question),
        "reponse": "À ÉCRIRE : ce que dit la citation, et rien de plus.",
        "repond_a": [],
        "source": passage.source,
        "citations": [passage.text],
    }
    text: str = yaml.safe_dump([outline], allow_unicode=True, sort_keys=False, width=110)
    return text
