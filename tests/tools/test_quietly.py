"""What `tools.quietly` keeps from being shown, and what it must not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.quietly import is_deprecation


@pytest.mark.parametrize(
    ("message", "category", "hidden"),
    [
        ("gone in 4.0", DeprecationWarning, True),
        ("gone in 4.0", FutureWarning, True),
        ("pkg_resources is deprecated as an API.", UserWarning, True),
        ("The action 'x' is used in the rules, but not listed.", UserWarning, False),
        ("unclosed file", ResourceWarning, False),
    ],
)
def test_only_deprecations_are_hidden(message: str, category: type[Warning], hidden: bool) -> None:
    assert is_deprecation(message, category) is hidden


def test_a_library_cannot_switch_them_on_again(tmp_path: Path) -> None:
    (tmp_path / "noisy.py").write_text(
        "import sys, warnings\n"
        "warnings.simplefilter('always')\n"
        "warnings.warn('old', DeprecationWarning)\n"
        "warnings.warn('wrong data')\n"
        "print(sys.argv[1:], __name__)\n"
    )
    command = [sys.executable, "-m", "tools.quietly", "noisy", "a", "b"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "['a', 'b'] __main__\n"
    assert "wrong data" in done.stderr
    assert "old" not in done.stderr
