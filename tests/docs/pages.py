"""What the documentation says, read out of it: code blocks with their files, commands, tables, links."""

import re
import textwrap
from pathlib import Path
from typing import NamedTuple

from assistant.settings import ROOT

README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "guide-redaction.md"
CHANNELS = ROOT / "docs" / "canaux.md"
PAGES = (README, ROOT / "CONTRIBUTING.md", GUIDE, CHANNELS, ROOT / "CHANGELOG.md")

#: A YAML block whose file is the last thing said above it: "... at the end of `knowledge/facts/x.yml`:".
_BLOCK = re.compile(
    r"`(?P<file>[\w/.-]+\.yml)` ?:\n\n(?P<indent> *)```yaml\n(?P<text>.*?)^(?P=indent)```$", re.S | re.M
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TARGET = re.compile(r"\bmake ([a-z-]+)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)


class Block(NamedTuple):
    """A piece of YAML that a page tells the reader to put into a file."""

    file: str
    text: str


def read(page: Path) -> str:
    return page.read_text("utf-8")


def section(page: Path, title: str) -> str:
    """Return what stands under a heading of the second level."""
    return read(page).split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def blocks(text: str) -> list[Block]:
    return [Block(found["file"], textwrap.dedent(found["text"])) for found in _BLOCK.finditer(text)]


def fenced(text: str, language: str = "") -> list[str]:
    """Return the code blocks of a language, or those that say none."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M)
    return [code for said, code in found if said == language]


def table(text: str) -> list[list[str]]:
    """Return the rows of a page's table below its head, each cell without its marks of code."""
    rows = [row.strip()[1:-1].split("|") for row in text.splitlines() if row.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in rows[2:]]


def links(page: Path) -> list[str]:
    """Return the links of a page that lead to files."""
    return [link for link in _LINK.findall(read(page)) if "://" not in link]


def make_targets(page: Path) -> set[str]:
    """Return the commands of make that a page names in its code."""
    return {target for code in _CODE.findall(read(page)) for target in _TARGET.findall(code)}


def put(block: Block, project: Path) -> None:
    """Do what a page says with a block: add it to its file, which is made where it is missing."""
    path = project / block.file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(block.text)
