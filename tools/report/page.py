"""What a report is made of, written as Markdown and as HTML. What visitors wrote has no meaning for either."""

import base64
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: What has a meaning in Markdown.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")


@dataclass(frozen=True)
class Title:
    """A heading; 1 is the page's own."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list."""

    rows: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table whose first column names the rows."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A picture by its file's name, and what it shows in words."""

    name: str
    alt: str


@dataclass(frozen=True)
class Code:
    """Lines to be copied as they are, and where they go."""

    into: str
    lines: str


Block = Title | Text | Items | Table | Picture | Code


def markdown(blocks: Sequence[Block]) -> str:
    """Return a page as Markdown; its pictures stand beside it."""
    return "\n\n".join(map(_markdown, blocks)) + "\n"


def html_page(title: str, blocks: Sequence[Block], pictures: Mapping[str, bytes]) -> str:
    """Return a page as one HTML file that loads nothing.

    Args:
        title: its title.
        blocks: what it says.
        pictures: the PNG pictures by name.
    """
    body = "\n".join(_html(block, pictures) for block in blocks)
    return _PAGE.format(title=html.escape(title), style=_STYLE, body=body)


def _markdown(block: Block) -> str:
    if isinstance(block, Title):
        return f"{'#' * block.level} {_bare(block.text)}"
    if isinstance(block, Text):
        return _bare(block.text)
    if isinstance(block, Items):
        return "\n".join(f"- {_bare(row)}" for row in block.rows)
    if isinstance(block, Picture):
        return f"![{_bare(block.alt)}]({block.name})"
    if isinstance(block, Code):
        fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", block.lines)), default=0))
        return f"À la fin de `{block.into}` :\n\n{fence}yaml\n{block.lines.rstrip()}\n{fence}"
    lines = [
        block.head,
        ["---", *["---:"] * (len(block.head) - 1)],
        *[[_bare(cell) for cell in row] for row in block.rows],
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{_bare(block.caption)}\n\n{table}"


def _bare(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _html(block: Block, pictures: Mapping[str, bytes]) -> str:
    if isinstance(block, Title):
        return f"<h{block.level}>{html.escape(block.text)}</h{block.level}>"
    if isinstance(block, Text):
        return f"<p>{html.escape(block.text)}</p>"
    if isinstance(block, Items):
        return f"<ul>{''.join(f'<li>{html.escape(row)}</li>' for row in block.rows)}</ul>"
    if isinstance(block, Picture):
        data = base64.b64encode(pictures[block.name]).decode("ascii")
        return f'<img src="data:image/png;base64,{data}" alt="{html.escape(block.alt)}">'
    if isinstance(block, Code):
        into = f"<p>À la fin de <code>{html.escape(block.into)}</code> :</p>"
        return f'{into}<pre tabindex="0"><code>{html.escape(block.lines)}</code></pre>'
    head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in block.head)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>{"".join(f"<td>{html.escape(cell)}</td>" for cell in cells)}</tr>'
        for name, *cells in block.rows
    )
    caption = f"<caption>{html.escape(block.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding: 0.3rem 0; }
th, td { border-bottom: 1px solid #999; padding: 0.2rem 0.8rem; text-align: right; }
th:first-child { text-align: left; }
th[scope="row"] { font-weight: normal; }
img { max-width: 100%; }
pre { background: #f2f2f2; padding: 0.8rem; overflow-x: auto; }
h2 { margin-top: 2.5rem; }
"""
#: Nothing is loaded and nothing runs, whatever a visitor wrote.
_PAGE = """\
<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
