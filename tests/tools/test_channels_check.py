"""`make channels-check`: what is found of each messaging app, and that no secret is ever printed."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from assistant.settings import ROOT
from tests.handover.chatwoot import Chatwoot
from tests.messaging.app import App
from tests.messaging.conftest import APPS
from tests.messaging.standin import Answer
from tests.messaging.telegram import Telegram
from tests.tools.in_process import Done, RunMain, run_main
from tools.channels_check import PURPOSES, connectors, main
from tools.servers import CREDENTIALS, free_port

__all__ = ["run_main"]  # a fixture
Run = Callable[..., Done]
KINDS = connectors(CREDENTIALS)
#: Parts of addresses that are no secret.
PLAIN = {kind.name() for kind in KINDS} | {"webhook", "webhooks", "exemple"}
NAMES = {name for kind in KINDS for name in (*kind.variables, *kind.optional)}


@pytest.fixture(autouse=True)
def nothing_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(run_main: RunMain, tmp_path: Path) -> Run:
    """Return a function that runs the command; whatever it says, no value of a variable is in it."""

    def _run(variables: Mapping[str, str], *arguments: str) -> Done:
        done = run_main(main, *arguments, ASSISTANT_BASE=str(tmp_path / "conversations.db"), **variables)
        assert "Traceback" not in done.stdout + done.stderr
        for value in variables.values():
            for part in (value, *re.split(r"[:/.@]", value)):
                assert len(part) < 6 or part in PLAIN or part not in done.stdout + done.stderr
        return done

    return _run


@pytest.fixture(params=APPS, ids=lambda kind: kind.__name__)
def app(request: pytest.FixtureRequest) -> Iterator[App]:
    """Each app in turn; some share a stand-in, which other tests use too, so that none is closed."""
    kind: type[App] = request.param
    app = kind()
    yield app
    app.standin._faults.clear()


@pytest.fixture
def before(app: App) -> int:
    """Return how many calls the app's stand-in got before."""
    return len(app.standin.calls)


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    app = Telegram()
    app.standin.webhook["url"] = "https://bot.exemple.org/webhooks/telegram/webhook"
    yield app
    app.standin.close()


def state(done: Done, channel: str) -> str:
    """Return what the table says of a channel."""
    (found,) = re.findall(rf"^{channel} {{2,}}(.+?) {{2,}}\d sur \d$", done.stdout, re.M)
    return str(found)


def test_the_channels_of_the_file_are_found_by_themselves() -> None:
    apps = {app.channel if hasattr(app, "channel") else app.name for app in APPS}
    assert {kind.name() for kind in KINDS} == {*apps, "chatwoot"}


def test_each_variable_is_explained() -> None:
    assert set(PURPOSES) == NAMES
    assert all(PURPOSES.values())


def test_the_documentation_names_each_variable_and_no_other() -> None:
    page = (ROOT / "docs" / "canaux.md").read_text("utf-8")
    prefixes = "|".join({name.partition("_")[0] for name in NAMES})
    assert set(re.findall(rf"\b(?:{prefixes})_[A-Z_]+", page)) == NAMES
    for kind in KINDS:
        assert f"/webhooks/{kind.name()}/webhook" in page


def test_without_any_variable_all_is_closed_and_nothing_is_wrong(run: Run) -> None:
    done = run({})
    assert (done.returncode, done.stderr) == (0, "")
    assert {state(done, kind.name()) for kind in KINDS} == {"fermé"}
    for name in NAMES:
        assert re.search(rf"^  {name} +(manque|par défaut) +\S", done.stdout, re.M)


def test_each_app_is_tried_and_takes_its_credentials(run: Run, app: App) -> None:
    shown, refused = len(app.standin.shown), len(app.standin.refused)
    if isinstance(app, Telegram):
        app.standin.webhook["url"] = "https://bot.exemple.org/"
    done = run(app.variables)
    assert done.returncode == 0, done.stdout
    assert state(done, channel(app)) in {"fonctionne", "configuré"}
    assert (len(app.standin.shown), len(app.standin.refused)) == (shown, refused)


def test_without_one_variable_a_channel_is_incomplete_and_nothing_is_called(run: Run, app: App, before: int) -> None:
    (kind,) = (kind for kind in KINDS if kind.name() == channel(app))
    for name in kind.variables:
        done = run({**app.variables, name: ""})
        assert done.returncode == 1
        assert state(done, channel(app)) == "incomplet"
        assert re.search(rf"^  {name} +manque ", done.stdout, re.M)
    assert len(app.standin.calls) == before


def test_without_the_network_nothing_is_called(run: Run, app: App, before: int) -> None:
    done = run(app.variables, "--sans-reseau")
    assert done.returncode == 0
    assert state(done, channel(app)).startswith("configuré")
    assert len(app.standin.calls) == before


def test_credentials_that_are_refused_are_said_without_what_the_app_said(run: Run, app: App, before: int) -> None:
    """The app repeats every secret that it got."""
    secrets = " ".join(app.variables.values())
    for status in (400, 401, 403, 404):
        app.standin.fail(*[Answer(status, {"ok": False, "error": secrets, "description": secrets})] * 3)
        done = run(app.variables)
        if len(app.standin.calls) == before:
            assert state(done, channel(app)) == "configuré"  # nothing to call
            return
        assert done.returncode == 1
        assert state(done, channel(app)) == "à corriger"
        assert f"HTTP {status}" in done.stdout
        app.standin._faults.clear()


def test_an_app_that_is_away_is_no_mistake_of_the_operator(run: Run, app: App) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    away = {name: value.replace(app.standin.url, closed) for name, value in app.variables.items()}
    done = run(away)
    assert done.returncode == 0
    assert state(done, channel(app)) in {"pas de réseau", "configuré"}
    for status in (429, 500, 503):
        app.standin.fail(*[Answer(status, {})] * 2)
        done = run(app.variables)
        assert done.returncode == 0
        assert state(done, channel(app)) in {"pas de réseau", "configuré"}
        app.standin._faults.clear()


@pytest.fixture
def chatwoot() -> Iterator[Chatwoot]:
    standin = Chatwoot()
    yield standin
    standin.close()


def test_chatwoot_is_tried_without_a_trace(run: Run, chatwoot: Chatwoot) -> None:
    done = run(chatwoot.variables)
    assert (done.returncode, state(done, "chatwoot")) == (0, "fonctionne")
    assert (chatwoot.refused, chatwoot.talks) == ([], {})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"CHATWOOT_TOKEN": "un-autre-jeton"}, "le jeton : refusé (HTTP 401)"),
        ({"CHATWOOT_ACCOUNT_ID": "4"}, "le jeton n'ouvre pas le compte de CHATWOOT_ACCOUNT_ID"),
        ({"CHATWOOT_INBOX_IDENTIFIER": "autre-boite"}, "la boîte de réception : refusé (HTTP 404)"),
    ],
)
def test_what_chatwoot_refuses_is_said(run: Run, chatwoot: Chatwoot, wrong: dict[str, str], said: str) -> None:
    done = run(chatwoot.variables | wrong)
    assert (done.returncode, state(done, "chatwoot")) == (1, "à corriger")
    assert said in done.stdout


def test_a_chatwoot_that_is_away_is_no_mistake_of_the_operator(run: Run, chatwoot: Chatwoot) -> None:
    done = run({**chatwoot.variables, "CHATWOOT_URL": f"http://127.0.0.1:{free_port()}"})
    assert (done.returncode, state(done, "chatwoot")) == (0, "pas de réseau")


def test_hours_that_cannot_be_read_are_said(run: Run, chatwoot: Chatwoot) -> None:
    done = run({**chatwoot.variables, "CHATWOOT_HORAIRES": "toujours"})
    assert done.returncode == 1
    assert re.search(r"^  CHATWOOT_HORAIRES +ne convient pas ", done.stdout, re.M)
    assert chatwoot.calls == []


def test_what_no_app_answers_is_no_success(run: Run, telegram: Telegram) -> None:
    for body in ("<html>", "[]", "1", "", "[" * 100_000):
        telegram.standin.fail(Answer(200, body), Answer(200, body))
        done = run(telegram.variables)
        assert (done.returncode, state(done, "telegram")) == (1, "à corriger")


def test_a_telegram_bot_that_gets_nothing_is_said_with_what_to_do(run: Run, telegram: Telegram) -> None:
    telegram.standin.webhook["url"] = ""
    done = run(telegram.variables)
    assert (done.returncode, state(done, "telegram")) == (1, "à corriger")
    assert "make telegram-webhook URL=" in done.stdout
    telegram.standin.webhook |= {"url": "https://a.example", "pending_update_count": 4, "last_error_date": 1}
    done = run(telegram.variables)
    assert done.returncode == 1
    assert "4 en attente" in done.stdout
    telegram.standin.webhook["pending_update_count"] = 0
    assert run(telegram.variables).returncode == 0, "an error that is over is none"


@pytest.mark.parametrize("name, value", [("TELEGRAM_TOKEN", "700:ab\x7fcd"), ("TELEGRAM_API", "nulle-part")])
def test_a_value_that_cannot_be_sent_is_said(run: Run, telegram: Telegram, name: str, value: str) -> None:
    done = run({**telegram.variables, name: value})
    assert (done.returncode, state(done, "telegram")) == (1, "à corriger")


def test_a_value_that_does_not_suit_is_said(run: Run) -> None:
    done = run({"CALLBACK_URL": "http://exemple.org/recevoir", "CALLBACK_SECRET": "c" * 40})
    assert (done.returncode, state(done, "callback")) == (1, "incomplet")
    assert re.search(r"^  CALLBACK_URL +ne convient pas ", done.stdout, re.M)


@pytest.mark.parametrize("content", [None, "a: [", "channels.nulle_part.Rien:", "channels.telegram.Rien:", "- a", "1"])
def test_a_file_of_channels_that_cannot_be_read_is_told_in_one_line(
    run: Run, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "credentials.yml"
    if content is not None:
        file.write_text(content, "utf-8")
    done = run({}, "--credentials", str(file))
    if content == "- a":
        assert done.stdout.startswith("Aucune messagerie")
        return
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "ne peut pas être lu" in done.stderr


def test_a_wrong_setting_is_told_in_one_line(run_main: RunMain) -> None:
    done = run_main(main, ASSISTANT_PORT="abc")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ASSISTANT_PORT doit être")


def test_help_is_in_french(run: Run) -> None:
    done = run({}, "--help")
    assert done.returncode == 0
    assert "--sans-reseau" in done.stdout and "Aucune clé n'est montrée" in done.stdout
    assert "show this help" not in done.stdout


def test_the_command_says_nothing_else(telegram: Telegram, tmp_path: Path) -> None:
    environment = {**os.environ, **telegram.variables, "ASSISTANT_BASE": str(tmp_path / "conversations.db")}
    command = [sys.executable, "-m", "tools.quietly", "tools.channels_check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert state(Done(0, done.stdout, ""), "telegram") == "fonctionne"
    assert list(tmp_path.iterdir()) == [], "it keeps nothing"


def channel(app: App) -> str:
    """Return the channel of an app."""
    return str(getattr(app, "channel", app.name))
