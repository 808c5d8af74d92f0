"""A command run in this process: its exit code and what it says."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

RunMain = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """What is left of a command."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run_main(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunMain:
    """Return a function that runs the `main` of a command with arguments and environment variables."""

    def _run(main: Callable[[], int], *arguments: str, **variables: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["make", *arguments])
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        try:
            code = main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return _run
