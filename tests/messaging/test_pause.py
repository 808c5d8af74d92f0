"""A pause reaches people in a messaging app, in the app's own way, and ends."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from channels import pause as switch
from channels.pause import pause_file
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.telegram import Telegram
from tools.pause import pause, resume

WHEN = "Quand l'OCAM a-t-elle été créée ?"


@pytest.fixture
def paused(server: Server) -> Iterator[None]:
    """The assistant of all tests of apps, paused for this one."""
    assert server.launcher
    file = pause_file(server.launcher.settings)
    pause(file, "Revenez demain.", datetime.now().astimezone())
    time.sleep(switch.INTERVAL)
    yield
    if file.exists():
        resume(file)
    time.sleep(switch.INTERVAL)


def test_a_pause_reaches_people_in_an_app_and_ends(server: Server, paused: None) -> None:
    assert server.launcher
    app = next(app for app in server.apps if isinstance(app, Telegram))
    person = Person(app, app.person(fresh("p")))
    assert person.ask(WHEN, 2)[-1].text.startswith("Revenez demain.\nSi vous êtes en danger, ")
    app.media(person.id, fresh("m"))
    assert person.new(2)[-1].text.startswith("Revenez demain.")
    resume(pause_file(server.launcher.settings))
    time.sleep(switch.INTERVAL)
    assert "1990" in person.ask(WHEN, 2)[-1].text
