"""What `make lint-faq` finds in this repository; tests/tools/test_lint_faq.py shows what it would find."""

from assistant.settings import ROOT
from tools.lint_faq.__main__ import lint
from tools.lint_faq.findings import errors


def test_the_linter_finds_no_error() -> None:
    assert [str(finding) for finding in errors(lint(ROOT))] == []
