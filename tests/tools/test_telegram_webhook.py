"""`make telegram-webhook`: what Telegram is told, and that neither token nor secret is ever printed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from assistant.settings import ROOT
from channels.telegram import Telegram
from tests.messaging.standin import Answer
from tests.messaging.telegram import SECRET, TOKEN, BotApi
from tests.tools.in_process import Done, RunMain, run_main
from tools.servers import free_port
from tools.telegram_webhook import PATH, UPDATES, WebhookError, address, main

Run = Callable[..., Done]
__all__ = ["run_main"]  # a fixture

URL = f"https://bot.exemple.org{PATH}"


@pytest.fixture
def api() -> Iterator[BotApi]:
    standin = BotApi()
    yield standin
    standin.close()


@pytest.fixture
def run(run_main: RunMain) -> Run:
    """Return a function that runs the command; whatever it says, no secret is in it."""

    def _run(api: str | BotApi, *arguments: str, **variables: str) -> Done:
        where = api if isinstance(api, str) else api.url
        given = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": where, **variables}
        done = run_main(main, *arguments, **given)
        for part in (TOKEN, TOKEN.partition(":")[2], SECRET):
            assert part not in done.stdout + done.stderr
        return done

    return _run


def test_the_address_is_registered_with_the_secret_and_nothing_is_thrown_away(run: Run, api: BotApi) -> None:
    done = run(api, "https://bot.exemple.org/")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Telegram enverra les messages à {URL}\n"
    assert (api.webhook["url"], api.secret) == (URL, SECRET)
    assert tuple(api.webhook["allowed_updates"]) == UPDATES == ("message", "callback_query", "edited_message")
    assert json.loads(api.calls[0].body)["drop_pending_updates"] is False
    assert api.refused == []


def test_the_address_is_shown_and_removed(run: Run, api: BotApi) -> None:
    assert "Aucune adresse" in run(api, "--voir").stdout
    run(api, URL)
    api.webhook |= {"pending_update_count": 3, "last_error_date": 0, "last_error_message": "Connection refused"}
    assert URL in run(api, "--voir").stdout
    api.webhook["last_error_date"] = 1760000000
    said = run(api, "--voir").stdout
    assert "En attente       : 3" in said
    assert "2025-10-09 08:53 UTC, Connection refused" in said
    assert "retirée" in run(api, "--retirer").stdout
    assert api.webhook["url"] == api.secret == ""


def test_a_secret_that_telegram_repeats_is_not_shown(run: Run, api: BotApi) -> None:
    api.webhook["url"] = f"https://bot.exemple.org/{TOKEN}"
    assert "https://bot.exemple.org/•••" in run(api, "--voir").stdout
    api.fail(Answer(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {SECRET}"}))
    done = run(api, URL)
    assert (done.returncode, done.stderr) == (1, "Telegram refuse (HTTP 400).\n")


@pytest.mark.parametrize(
    "url, said",
    [
        ("http://bot.exemple.org", "https://"),
        ("bot.exemple.org", "en entier"),
        ("https://", "en entier"),
        ("https://[", "en entier"),
        ("https://bot.exemple.org:70000", "en entier"),
        ("https://moi:secret@bot.exemple.org", "nom d'utilisateur"),
        ("https://bot.exemple.org/?a=b", "« ? »"),
        ("https://bot.exemple.org:5005", "ports 443, 80, 88, 8443"),
        ("http://127.0.0.1:5005", "https://"),
    ],
)
def test_an_address_that_telegram_does_not_call_is_refused(url: str, said: str) -> None:
    with pytest.raises(WebhookError, match="") as refused:
        address(url)
    assert said in str(refused.value)


@pytest.mark.parametrize("given", ["https://bot.exemple.org", "https://bot.exemple.org/", URL, f"{URL}/", f" {URL} "])
def test_the_path_is_added_where_it_is_missing(given: str) -> None:
    assert address(given) == URL


def test_behind_a_folder_and_on_another_port() -> None:
    assert address("https://exemple.org:8443/bot/") == f"https://exemple.org:8443/bot{PATH}"


def test_a_bot_api_of_one_s_own_may_call_loopback(run: Run, api: BotApi) -> None:
    assert run(api, "http://127.0.0.1:5005").returncode == 0
    assert api.webhook["url"] == f"http://127.0.0.1:5005{PATH}"
    assert run(api, "http://bot.exemple.org").returncode == 1


@pytest.mark.parametrize("arguments", [(), (URL, "--voir"), ("--voir", "--retirer")])
def test_one_thing_is_asked_for_at_a_time(run: Run, api: BotApi, arguments: tuple[str, ...]) -> None:
    done = run(api, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Donnez l'adresse")
    assert api.calls == []


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("TELEGRAM_TOKEN", "", "TELEGRAM_TOKEN manque"),
        ("TELEGRAM_SECRET", "", "TELEGRAM_SECRET manque"),
        ("TELEGRAM_SECRET", "é à l'espace", "TELEGRAM_SECRET doit avoir"),
        ("TELEGRAM_TOKEN", "700:faux", "ne reconnaît pas TELEGRAM_TOKEN"),
        ("TELEGRAM_TOKEN", "700:\x7fabc", "vérifiez TELEGRAM_TOKEN"),
        ("TELEGRAM_API", "nulle part", "TELEGRAM_API"),
    ],
)
def test_a_wrong_variable_is_named(run: Run, api: BotApi, name: str, value: str, said: str) -> None:
    done = run(api, URL, **{name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert value not in done.stderr or not value


def test_what_telegram_says_no_to_is_shown(run: Run, api: BotApi) -> None:
    api.fail(Answer(400, {"ok": False, "error_code": 400, "description": "Bad Request: bad webhook"}))
    done = run(api, URL)
    assert (done.returncode, done.stderr) == (1, "Telegram refuse (HTTP 400) : « Bad Request: bad webhook ».\n")


def test_an_answer_that_is_no_json_is_told(run: Run, api: BotApi) -> None:
    api.fail(Answer(200, "<html>"))
    assert "n'a pas été compris" in run(api, URL).stderr
    api.fail(Answer(502, "[]"))
    assert "HTTP 502" in run(api, URL).stderr


def test_without_a_network_it_says_so(run: Run) -> None:
    done = run(f"http://127.0.0.1:{free_port()}", "--voir")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Pas de réseau")


def test_help_is_in_french(run: Run, api: BotApi) -> None:
    said = run(api, "--help").stdout
    assert "Dit à Telegram" in said
    assert "show this help" not in said
    assert "positional" not in said


def test_the_path_is_the_channel_s() -> None:
    assert f"/webhooks/{Telegram.name()}/webhook" == PATH


def test_the_command_says_nothing_else(api: BotApi) -> None:
    environment = {**os.environ, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET, "TELEGRAM_API": api.url}
    command = [sys.executable, "-m", "tools.quietly", "tools.telegram_webhook", URL]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Telegram enverra les messages à {URL}\n", "")
