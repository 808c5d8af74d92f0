"""What time does to a conversation."""

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.conftest import Running

AGE = """UPDATE events SET timestamp = timestamp - :seconds,
    data = json_set(data, '$.timestamp', json_extract(data, '$.timestamp') - :seconds)"""


def age(database: Path, minutes: float) -> None:
    """Make everything that was kept older."""
    with sqlite3.connect(database, timeout=10) as connection:
        connection.execute(AGE, {"seconds": minutes * 60})


@pytest.mark.parametrize(("minutes", "reply"), [(29, "L'OCAM a été créée à San Jose"), (31, "De quoi parlez-vous ?")])
def test_a_follow_up_counts_for_half_an_hour(running_alone: Running, minutes: float, reply: str) -> None:
    conversation = running_alone.conversation()
    conversation.say("Quand l'OCAM a-t-elle été créée ?")
    age(running_alone.launcher.settings.database, minutes)
    assert conversation.say("et où ?").text.startswith(reply)
