"""`python -m evaluation`: the figures of the trained model on both halves, and the misses of `dev`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from assistant.settings import ROOT, Settings
from evaluation.questions import HALVES, read_conversations, read_questions
from evaluation.scoring import Decide, Figure, Scored, counted, score, score_conversation, turn_is_right
from evaluation.understanding import Assistant, classifier_of

MODEL = ROOT / "models" / "assistant-oim.tar.gz"

#: What is asked of each kind of question: the figure's name, and what is counted.
_FIGURES: dict[str, list[tuple[str, Callable[[Scored], bool]]]] = {
    "faits": [
        ("question de la page : le bon fait, tout de suite", lambda s: s.right),
        ("question de la page : le bon fait, ou parmi les choix", lambda s: s.offered),
        ("question de la page : des choix", lambda s: s.decision.kind == "choices"),
        ("question de la page : un fait faux", lambda s: s.wrong),
    ],
    "premisses": [("prémisse fausse : le fait qui la corrige", lambda s: s.right)],
    "voisins": [("question voisine, sans réponse : un fait donné quand même", lambda s: s.given is not None)],
    "hors_sujet": [("hors sujet : un fait donné", lambda s: s.given is not None)],
    "langues": [("autre langue : un fait donné", lambda s: s.given is not None)],
    "charabia": [("charabia : un fait donné", lambda s: s.given is not None)],
    "bavardage": [("conversation : un fait donné", lambda s: s.given is not None)],
    "detresse": [("détresse reconnue", lambda s: s.decision.kind == "distress")],
    "violence_info": [("question sur la violence prise pour une détresse", lambda s: s.decision.kind == "distress")],
}


def main() -> None:
    """Print the table of each half, and the misses of `dev` when asked for."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="Mesure l'assistant, sans le lancer.")
    parser.add_argument("--modele", type=Path, default=MODEL, help="le modèle entraîné (%(default)s)")
    parser.add_argument("--moitie", choices=HALVES, action="append", help="une moitié seulement")
    parser.add_argument("--ratees", action="store_true", help="montre les questions ratées de « dev »")
    options = parser.parse_args()
    if not options.modele.exists():
        sys.exit(f"{options.modele} manque : lancez d'abord « make train ».")
    assistant = Assistant(classifier_of(options.modele), Settings.read().knowledge)
    for half in options.moitie or HALVES:
        print(f"\n{half}")
        missed = _report(half, assistant.decide)
        if options.ratees and half == "dev":
            print("\nRatées :", *missed, sep="\n")


def _report(half: str, decide: Decide) -> list[str]:
    """Print the figures of a half; return its misses as lines."""
    missed: list[str] = []
    for kind, figures in _FIGURES.items():
        scored = score(read_questions(half, kind), decide)
        for name, holds in figures:
            print(counted(name, scored, holds))
        missed += [_miss(item) for item in scored if not _good(item)]
    turns = [s for turns in read_conversations(half) for s in score_conversation(turns, decide)[1:]]
    print(Figure("tour suivant d'une conversation : juste", sum(map(turn_is_right, turns)), len(turns)))
    return missed + [_miss(turn) for turn in turns if not turn_is_right(turn)]


def _good(scored: Scored) -> bool:
    kind = scored.question.kind
    if kind in {"faits", "premisses"}:
        return scored.right
    if kind == "detresse":
        return scored.decision.kind == "distress"
    if kind == "violence_info":
        return scored.decision.kind != "distress"
    if kind == "bavardage":
        return scored.decision.topic in scored.question.accepted or scored.decision.kind == "erasure"
    return scored.given is None


def _miss(scored: Scored) -> str:
    decision, question = scored.decision, scored.question
    ranked = " ".join(f"{candidate.label}={candidate.score:.2f}" for candidate in decision.candidates[:4])
    wanted = ",".join(question.accepted) or "rien"
    return f"[{question.kind}] {question.text} | attendu {wanted} | {decision.kind} {scored.given or ''} | {ranked}"


if __name__ == "__main__":
    main()
