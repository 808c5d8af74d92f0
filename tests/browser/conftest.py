"""A running assistant, started as `make run` does, and a real browser that opens its page."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
#: What Debian and others call the browser.
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = "Il n'y a pas de navigateur Chromium : installez-le (paquet chromium sous Debian), puis recommencez."
#: A start trains the model first where it is not up to date.
PATIENCE_SECONDS = 300
#: The sites that pages may talk to the assistant from, beside its own.
ALLOWED_PORT_VARIABLE = "ASSISTANT_ORIGINES"

expect.set_options(timeout=15_000)  # five seconds are little on a busy machine

_open = build_opener(ProxyHandler({})).open


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Assistant:
    """A running assistant that can be stopped and started again at the same address.

    Attributes:
        folder: where it keeps conversations.
        port: where it listens.
        variables: settings of its own.
    """

    folder: Path
    port: int
    variables: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/website/"

    def start(self) -> None:
        variables = {
            **os.environ,
            "ASSISTANT_HOTE": "127.0.0.1",
            "ASSISTANT_PORT": str(self.port),
            "ASSISTANT_PORT_ACTIONS": str(free_port()),
            "ASSISTANT_BASE": str(self.folder / "conversations.db"),
            **self.variables,
        }
        command = [str(ROOT / ".venv/bin/python"), "-m", "tools.run", "--discret"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self.process.poll() is None, "the assistant did not start"
            assert time.monotonic() < end, "the assistant does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def _answers(self) -> bool:
        """Return whether a question gets its answer: the page alone is there before the action server is."""
        body = json.dumps({"sender": "essai", "message": "Que veut dire OIM ?"}).encode()
        try:
            with _open(f"http://127.0.0.1:{self.port}/webhooks/rest/webhook", body, timeout=15) as answer:
                return b"Source :" in answer.read()
        except (URLError, OSError):
            return False


StartAssistant = Callable[..., Assistant]


@pytest.fixture(scope="session")
def start_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartAssistant]:
    """Starts assistants, with settings as keyword arguments; all are stopped at the end."""
    started: list[Assistant] = []

    def start(**variables: str) -> Assistant:
        assistant = Assistant(tmp_path_factory.mktemp("assistant"), free_port(), variables)
        started.append(assistant)
        assistant.start()
        return assistant

    yield start
    for assistant in started:
        assistant.stop()


@pytest.fixture(scope="session")
def assistant(start_assistant: StartAssistant) -> Assistant:
    """The assistant that most tests talk to: none of them stops it."""
    return start_assistant()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    options = ["--no-sandbox", "--disable-background-networking"]
    browser = playwright.chromium.launch(executable_path=program, args=options)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor: what it keeps, no other visitor sees."""
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@dataclass
class Chat:
    """The component in a page, as a visitor meets it."""

    page: Page

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name="Poser une question à l'assistant")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Assistant automatique")

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name="Votre question")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def answers(self) -> Locator:
        """What the assistant said, its greeting left out."""
        return self.page.locator("assistant-oim .said.assistant:not([data-key] .said)")

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    def open(self) -> "Chat":
        self.launcher.click()
        return self

    def ask(self, text: str) -> str:
        """Type a question and return the last thing that is said to it."""
        before = self.answers.count()
        self.input.fill(text)
        self.input.press("Enter")
        self.answers.nth(before).wait_for()
        return self.answers.last.inner_text()


def wait_until(page: Page, expression: str, seconds: float = 30) -> None:
    """Wait until an expression is true in the page.

    Playwright's `wait_for_function` evaluates it again from inside the page, which our policy forbids: it works only
    when the expression is true at the first look.

    Args:
        page: where to look.
        expression: JavaScript.
        seconds: how long at most.

    Raises:
        AssertionError: it was not true in time.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({expression})"):
        assert time.monotonic() < end, f"{expression} was not true after {seconds:g} s"
        page.wait_for_timeout(20)


def visit(context: BrowserContext, url: str) -> Chat:
    page = context.new_page()
    page.goto(url)
    chat = Chat(page)
    chat.launcher.wait_for()
    return chat


@pytest.fixture
def chat(context: BrowserContext, assistant: Assistant) -> Chat:
    """The page to try the component, just opened."""
    return visit(context, assistant.url)
