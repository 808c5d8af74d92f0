"""Pictures of the chat for the README: `.browser/bin/python tests/browser/screenshots.py`."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from conftest import BROWSERS, MISSING, ROOT, Assistant, Chat, free_port, visit
from playwright.sync_api import Browser, FloatRect, expect, sync_playwright

IMAGES = ROOT / "docs/images"
KNOWN = "Quand l'OCAM a-t-elle été créée ?"
FOLLOW_UP = "et où ?"
AMBIGUOUS = "directeur OIM"  # whatever was said before
SMALL: dict[str, Any] = {"viewport": {"width": 800, "height": 420}}
#: So wide that the open chat hides no text of the page, which the edge of a picture would cut.
DESK: dict[str, Any] = {"viewport": {"width": 1600, "height": 640}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
#: Of the page around the open chat, so that its edge is seen.
MARGIN = 12


def main() -> int:
    """Write the pictures; return the exit code."""
    folder: Path = _arguments().dossier
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print(MISSING, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as started:
        assistant = Assistant(Path(kept), free_port(), {})
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            assistant.start()
            take(browser, assistant, folder)
        finally:
            assistant.stop()
            browser.close()
    for path in sorted(folder.glob("*.png")):
        print(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path} : {path.stat().st_size // 1024} ko")
    return 0


def take(browser: Browser, assistant: Assistant, folder: Path) -> None:
    """Take all pictures; the assistant is stopped for the last one."""
    closed = _visitor(browser, assistant, SMALL)
    closed.page.screenshot(path=folder / "chat-ferme.png")

    answered = _visitor(browser, assistant, DESK).open()
    answered.ask(KNOWN)
    answered.ask(FOLLOW_UP)
    _picture(answered, folder / "chat-ouvert.png")

    choosing = _visitor(browser, assistant, DESK).open()
    choosing.ask(AMBIGUOUS)
    expect(choosing.log.locator(".choices button").first).to_be_visible()
    _picture(choosing, folder / "chat-choix.png")

    dark = _visitor(browser, assistant, {**DESK, "color_scheme": "dark"}).open()
    dark.ask(KNOWN)
    dark.ask(FOLLOW_UP)
    _picture(dark, folder / "chat-sombre.png")

    phone = _visitor(browser, assistant, PHONE).open()
    phone.ask(KNOWN)
    phone.page.screenshot(path=folder / "chat-telephone.png")

    stopped = _visitor(browser, assistant, DESK).open()
    stopped.ask(KNOWN)
    assistant.stop()
    stopped.input.fill(FOLLOW_UP)
    stopped.input.press("Enter")
    expect(stopped.page.get_by_role("alert")).to_be_visible()
    _picture(stopped, folder / "chat-erreur.png")


def _visitor(browser: Browser, assistant: Assistant, settings: dict[str, Any]) -> Chat:
    return visit(browser.new_context(locale="fr-FR", **settings), assistant.url)


def _picture(chat: Chat, path: Path) -> None:
    """Take the open chat with a little of the page around it."""
    box = chat.dialog.bounding_box()
    assert box is not None
    clip: FloatRect = {
        "x": box["x"] - MARGIN,
        "y": max(0, box["y"] - MARGIN),
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }
    chat.page.screenshot(path=path, clip=clip)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make screenshots",
        usage="%(prog)s [-h] [--dossier DOSSIER]",
        description="Prend des images du chat : fermé, ouvert, avec des choix, en erreur, sur un téléphone, en sombre.",
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("--dossier", type=Path, default=IMAGES, help="où les mettre (docs/images)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
