"""The chat is small and quick, beside a widget that others have made, measured in the same run."""

import base64
import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from conftest import ROOT, Assistant, Chat, wait_until
from playwright.sync_api import Browser, Page

KNOWN = "Quand l'OCAM a-t-elle été créée ?"
#: Bytes of the whole component, its styles and texts included, as `gzip -9` leaves them.
MOST_BYTES = 12 * 1024
#: Seconds; wide, for a busy machine. What was measured is printed.
MOST_TO_READY = 2.0
MOST_TO_ANSWER = 1.0
TIMES = 5
#: A slow link and an old phone: bytes a second, milliseconds, times slower.
SLOW_BYTES, SLOW_LATENCY, SLOW_PROCESSOR = 400_000 / 8, 300, 4

WIDGETS = ROOT / ".browser/widgets"
OTHER = "deep-chat"
OTHER_VERSION = "2.4.2"
OTHER_SCRIPT = "package/dist/deepChat.bundle.js"
OTHER_INTEGRITY = "wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ=="
NOT_REACHED = (
    f"Le widget de comparaison ({OTHER} {OTHER_VERSION}) n'a pas pu être téléchargé : installez npm et vérifiez "
    "l'accès au réseau, puis recommencez."
)
#: Notes when a question leaves and when its answer can be seen.
CLOCK = """
addEventListener("keydown", ({ key }) => { if (key === "Enter") window.__asked = performance.now(); }, true);
addEventListener("assistant-message", () => requestAnimationFrame(() => { window.__answered = performance.now(); }));
"""

Say = Callable[[str], None]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints a figure whether the test passes or not."""

    def print_it(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}", end="", flush=True)

    return print_it


@pytest.fixture
def own() -> dict[str, bytes]:
    """The component's files, by name."""
    return {path.name: path.read_bytes() for path in sorted((ROOT / "widget").glob("*.js"))}


def zipped(files: dict[str, bytes]) -> int:
    """Return the bytes that are loaded, each file on its own as a server sends it."""
    return sum(len(gzip.compress(content, 9)) for content in files.values())


def test_the_component_fits_its_budget(own: dict[str, bytes], say: Say) -> None:
    together = len(gzip.compress(b"".join(own.values()), 9))
    say(f"composant, gzip -9 : {together} octets ensemble, {zipped(own)} fichier par fichier (au plus {MOST_BYTES})")
    assert together <= MOST_BYTES
    assert zipped(own) <= MOST_BYTES


def test_the_component_is_ready_and_answers_quickly(browser: Browser, assistant: Assistant, say: Say) -> None:
    ready, answered = [], []
    for _ in range(TIMES):
        context = browser.new_context(locale="fr-FR")  # nothing is kept from the visit before
        page = context.new_page()
        page.add_init_script(CLOCK)
        ready.append(seconds_to(page, assistant.url, "assistant-ready", None))
        Chat(page).open().ask(KNOWN)
        wait_until(page, "window.__answered")
        answered.append(page.evaluate("window.__answered - window.__asked") / 1000)
        context.close()
    say(f"de l'ouverture de la page au composant prêt : {told(ready)} (au plus {MOST_TO_READY:g} s)")
    say(f"de la touche Entrée à la première réponse   : {told(answered)} (au plus {MOST_TO_ANSWER:g} s)")
    assert median(ready) <= MOST_TO_READY
    assert median(answered) <= MOST_TO_ANSWER


def test_the_component_is_smaller_than_another_widget_and_ready_before_it_on_a_slow_network(
    browser: Browser, own: dict[str, bytes], other: bytes, shelf: "Shelf", say: Say
) -> None:
    """Both lie on one server, which compresses them; theirs counts until it is defined, ours until it can be opened."""
    shelf.put("ours", "assistant-oim.js", "<assistant-oim></assistant-oim>", own)
    shelf.put("theirs", "other.js", f"<{OTHER}></{OTHER}>", {"other.js": other})
    for label, slow in (("sur cette machine", False), ("réseau lent, vieux téléphone", True)):
        times = 1 if slow else TIMES
        ours = [load(browser, shelf.url("ours"), "assistant-ready", None, slow) for _ in range(times)]
        theirs = [load(browser, shelf.url("theirs"), None, OTHER, slow) for _ in range(times)]
        say(f"prêt, {label} : {told(ours)} ; {OTHER} {OTHER_VERSION} : {told(theirs)}")
        assert not slow or median(ours) < median(theirs)  # without a network between, two files are as quick as one
    size = len(gzip.compress(other, 9))
    say(f"octets, gzip -9 : {zipped(own)} ; {OTHER} {OTHER_VERSION} : {size} (x{size / zipped(own):.1f})")
    assert zipped(own) < size


def told(seconds: list[float]) -> str:
    return f"{median(seconds):.3f} s" + (f" (médiane de {len(seconds)})" if len(seconds) > 1 else "")


def seconds_to(page: Page, url: str, event: str | None, element: str | None) -> float:
    """Open a page and return the seconds from navigation until an event reached it, or an element was defined."""
    wait = (
        f"addEventListener('{event}', () => {{ window.__ready = performance.now(); }}, {{ once: true }})"
        if event
        else f"customElements.whenDefined('{element}').then(() => {{ window.__ready = performance.now(); }})"
    )
    page.add_init_script(wait)
    page.goto(url)
    wait_until(page, "window.__ready")
    ready: float = page.evaluate("window.__ready")
    return ready / 1000


def load(browser: Browser, url: str, event: str | None, element: str | None, slow: bool) -> float:
    """As `seconds_to`, as somebody who was never there before."""
    context = browser.new_context()
    page = context.new_page()
    if slow:
        tools = context.new_cdp_session(page)
        link = {"downloadThroughput": SLOW_BYTES, "uploadThroughput": SLOW_BYTES, "latency": SLOW_LATENCY}
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", {"offline": False, **link})
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
    try:
        return seconds_to(page, url, event, element)
    finally:
        context.close()


@dataclass
class Shelf:
    """A server of files, which it sends compressed.

    Attributes:
        port: where it listens.
        files: their type and content by path.
    """

    port: int
    files: dict[str, tuple[str, bytes]]

    def url(self, folder: str) -> str:
        return f"http://127.0.0.1:{self.port}/{folder}/"

    def put(self, folder: str, script: str, element: str, files: dict[str, bytes]) -> None:
        """Put a widget into a folder, with a page that loads it."""
        page = f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Essai</title>
<link rel="icon" href="data:,"><script type="module" src="{script}"></script></head><body>{element}</body></html>"""
        self.files[f"/{folder}/"] = ("text/html; charset=utf-8", gzip.compress(page.encode()))
        for name, content in files.items():
            self.files[f"/{folder}/{name}"] = ("text/javascript; charset=utf-8", gzip.compress(content, 9))


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    files: dict[str, tuple[str, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for the browser to confirm its head

        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("text/plain", gzip.compress(b"")))
            self.send_response(200 if self.path in files else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing between the lines of the tests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Shelf(server.server_port, files)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The other widget's script, out of its package as npm gives it, whose hash is pinned."""
    package = WIDGETS / f"{OTHER}-{OTHER_VERSION}.tgz"
    if not package.exists() and not fetched(package, tmp_path_factory.mktemp("package")):
        if os.environ.get("CI"):
            pytest.fail(NOT_REACHED)
        pytest.skip(NOT_REACHED)
    with tarfile.open(package) as archive:
        script = archive.extractfile(OTHER_SCRIPT)
        assert script is not None
        return script.read()


def fetched(package: Path, folder: Path) -> bool:
    """Have npm fetch the package, from the registry that this machine is set to; say whether it could."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    command = [npm, "pack", f"{OTHER}@{OTHER_VERSION}", "--silent", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    content = (folder / package.name).read_bytes()
    assert base64.b64encode(hashlib.sha512(content).digest()).decode() == OTHER_INTEGRITY, "another package came"
    package.parent.mkdir(parents=True, exist_ok=True)
    draft = package.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(package)  # whole at once: a run that is interrupted leaves no half of it
    return True
