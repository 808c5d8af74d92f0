"""`python -m tools.lint_faq`: check the content of this project, and say what to mend, in French."""

import argparse
import sys
from pathlib import Path

from assistant.knowledge.errors import KnowledgeError
from assistant.settings import ROOT
from tools.lint_faq.checks import CHECKS
from tools.lint_faq.content import read_content
from tools.lint_faq.findings import ERROR, Finding, Place, errors, in_order, summary

_DESCRIPTION = """\
Vérifie le contenu : les questions d'apprentissage (data/nlu), celles d'évaluation (evaluation/questions), les réponses
toutes faites (data/responses), et qu'elles vont avec les faits (knowledge). Chaque ligne dit le fichier, la ligne, ce
qui ne va pas et que faire. Une erreur est à corriger (code de sortie 1) ; un avertissement est un conseil (code 0).
"""


def lint(root: Path) -> list[Finding]:
    """Return what is wrong with the content of a project folder, errors first; a file that cannot be read is all."""
    try:
        content = read_content(root)
    except KnowledgeError as error:
        return [unreadable(error, root)]
    return in_order(finding for check in CHECKS for finding in check(content))


def unreadable(error: KnowledgeError, root: Path) -> Finding:
    """Return what is wrong with a file of a project folder that cannot be read."""
    key = f"clé « {error.key} » : " if error.key else ""
    return Finding(ERROR, Place(error.path.relative_to(root).as_posix(), error.line or 1), key + error.problem)


def main(root: Path = ROOT) -> int:
    """Print the findings and their number; return the exit code: 1 if there is an error."""
    argparse.ArgumentParser(prog="make lint-faq", description=_DESCRIPTION).parse_args()
    findings = lint(root)
    print(*findings, summary(findings), sep="\n")
    return 1 if errors(findings) else 0


if __name__ == "__main__":
    sys.exit(main())
