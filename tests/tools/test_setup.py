"""`tools/setup.sh` and the Makefile, with stand-ins for what they call."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.settings import ROOT

#: What a machine has besides Python and uv.
ORDINARY = ("awk", "cat", "cmp", "cp", "df", "dirname", "mkdir", "rm", "sh", "touch")

#: A uv that makes an environment whose Python only knows where its packages go; `FAIL_ON` names what it fails at.
UV = """#!/bin/sh
echo "$1 $2" >>uv.log
[ "$1" = "${FAIL_ON:-}" ] && exit 1
if [ "$1" = venv ]; then
    mkdir -p .venv/bin .venv/lib
    printf '#!/bin/sh\\necho "$(dirname "$0")/../lib"\\n' >.venv/bin/python
    /bin/chmod +x .venv/bin/python
fi
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return a folder `project` with the set-up's files beside a folder `bin`, the only one on the PATH."""
    project, programs = tmp_path / "project", tmp_path / "bin"
    (project / "tools").mkdir(parents=True)
    programs.mkdir()
    for name in ("tools/setup.sh", "tools/uv.txt", "requirements.txt", ".python-version"):
        shutil.copy(ROOT / name, project / name)
    for name in ORDINARY:
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    return tmp_path


def put(machine: Path, name: str, script: str) -> None:
    """Put a program on the machine's PATH."""
    program = machine / "bin" / name
    program.write_text(script)
    program.chmod(0o755)


def setup(machine: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the set-up on the machine."""
    return subprocess.run(
        ["sh", "tools/setup.sh"],
        cwd=machine / "project",
        env={"PATH": str(machine / "bin"), **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the one line of a set-up that failed."""
    assert done.returncode == 1
    line = done.stderr.strip()
    assert line and "\n" not in line
    return line


def test_without_python(machine: Path) -> None:
    assert refusal(setup(machine)).startswith("Python 3 est introuvable")


def test_without_venv(machine: Path) -> None:
    put(machine, "python3", '#!/bin/sh\n[ "$1" = -c ]\n')
    assert refusal(setup(machine)).startswith("Le module venv de Python manque")


def test_without_network(machine: Path) -> None:
    put(
        machine,
        "python3",
        '#!/bin/sh\n[ "$1" = -c ] && exit 0\nmkdir -p "$3/bin"\n'
        'printf \'#!/bin/sh\\nexit 1\\n\' >"$3/bin/python"\n/bin/chmod +x "$3/bin/python"\n',
    )
    assert refusal(setup(machine)).startswith("uv n'a pas pu être téléchargé")


def test_without_disk(machine: Path) -> None:
    put(machine, "uv", UV)
    assert re.match(
        r"Il n'y a pas assez de place sur le disque : \d+ Mo libres ici, il en faut 99999999\.",
        refusal(setup(machine, ESPACE_MIN_MO="99999999")),
    )


def test_without_cpython_3_10(machine: Path) -> None:
    put(machine, "uv", UV)
    assert refusal(setup(machine, FAIL_ON="venv")).startswith("CPython 3.10 n'a pu être ni trouvé ni téléchargé")


def calls(machine: Path) -> list[str]:
    """Return what uv was asked for so far."""
    return (machine / "project" / "uv.log").read_text().splitlines()


def test_the_second_time_nothing_is_done(machine: Path) -> None:
    put(machine, "uv", UV)
    assert setup(machine).returncode == 0
    project = machine / "project"
    paths = (project / ".venv" / "lib" / "assistant_oim.pth").read_text().splitlines()
    assert paths == [str(project.resolve()), str(project.resolve() / "stubs")]
    again = setup(machine, ESPACE_MIN_MO="99999999")
    assert (again.returncode, again.stdout) == (0, "")
    assert calls(machine) == ["venv --quiet", "pip sync"]


def test_an_interrupted_installation_is_finished_by_the_next_run(machine: Path) -> None:
    put(machine, "uv", UV)
    assert refusal(setup(machine, FAIL_ON="pip")).startswith("L'installation n'a pas abouti")
    assert setup(machine).returncode == 0
    assert calls(machine) == ["venv --quiet", "pip sync", "pip sync"]


@pytest.mark.parametrize(
    ("changed", "expected"), [("requirements.txt", ["pip sync"]), (".python-version", ["venv --quiet", "pip sync"])]
)
def test_changed_pins_are_installed(machine: Path, changed: str, expected: list[str]) -> None:
    put(machine, "uv", UV)
    assert setup(machine).returncode == 0
    with (machine / "project" / changed).open("a") as pins:
        pins.write("# changed\n")
    assert setup(machine).returncode == 0
    assert calls(machine)[2:] == expected


def test_an_environment_that_was_moved_is_made_anew(machine: Path) -> None:
    put(machine, "uv", UV)
    assert setup(machine).returncode == 0
    (machine / "project").rename(machine / "elsewhere")
    (machine / "elsewhere").rename(machine / "project")
    assert setup(machine).returncode == 0
    assert len(calls(machine)) == 2
    shutil.copytree(machine / "project", machine / "copy")
    (machine / "project").rename(machine / "old")
    (machine / "copy").rename(machine / "project2")
    done = subprocess.run(
        ["sh", "tools/setup.sh"], cwd=machine / "project2", env={"PATH": str(machine / "bin")}, check=False
    )
    assert done.returncode == 0
    assert len((machine / "project2" / "uv.log").read_text().splitlines()) == 4


def test_help_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    done = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    listed = {line.split()[1]: line for line in done.stdout.splitlines()}
    assert set(listed) == targets
    assert all(len(line.split()) > 3 for line in listed.values())


@pytest.mark.parametrize("name", ["requirements.txt", "tools/uv.txt", "overrides.txt", "pyproject.toml"])
def test_the_pins_name_no_address_and_no_folder(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert str(ROOT) not in text


def test_every_pin_has_a_hash_and_tensorflow_is_not_among_them() -> None:
    pins = re.split(r"^(?=[a-z])", (ROOT / "requirements.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(pins) > 100
    assert all("--hash=sha256:" in pin for pin in pins)
    assert not [pin for pin in pins if pin.startswith(("tensorflow", "keras"))]
