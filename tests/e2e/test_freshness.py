"""The running assistant takes up what editors note: what is to be confirmed, and what earlier documents say."""

from tests.e2e.conftest import Running
from tests.second_source import FACT, NEW, OLDER, OLDEST, add_second_source, verify
from tests.waiting import eventually

MEMBERS = "Combien d'États sont membres de l'OIM ?"


def test_what_is_to_be_confirmed_and_what_was_before_are_said_while_it_runs(running_alone: Running) -> None:
    add_second_source(running_alone.knowledge)
    verify(running_alone.knowledge, "facts/oim.yml", FACT, until="2020-09-01")
    conversation = running_alone.conversation()
    assert eventually(lambda: "à confirmer" in conversation.say(MEMBERS).text)
    assert conversation.say(MEMBERS).text.startswith(f"{NEW}\nVérifié le 3 mars 2020, à confirmer.\nSource : ")
    before = conversation.say("et avant ?")
    assert before.text.startswith(f"Avant, selon « Bulletin d'essai » (mars 2019) :\n{OLDER}\nSource : « Bulletin")
    assert OLDEST in conversation.say("et dans l'ancien document ?").text
    again = conversation.say("et avant ?")
    assert again.text.startswith("Je ne sais pas, ma source ne dit pas ce qu'il en était avant.")
    assert not again.answered
    # What names something of its own is weighed as ever.
    assert "ce qu'il en était avant" not in conversation.say("qui était là avant ?").text
