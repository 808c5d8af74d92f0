"""A person is offered where the operator set one up and a later answer reaches the visitor."""

from datetime import datetime, timezone

import pytest

from assistant.handover import VARIABLES, Desk, desk_for, given, problems

GIVEN = dict.fromkeys(VARIABLES, "https://chatwoot.exemple.org") | {"CHATWOOT_ACCOUNT_ID": "3"}
SUNDAY = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)


def test_somebody_answers_now_or_later() -> None:
    assert desk_for("website", GIVEN, SUNDAY) == Desk()
    assert desk_for("telegram", GIVEN | {"CHATWOOT_HORAIRES": "mar 9:00-17:00"}, SUNDAY) == Desk("mardi à 9 h")


@pytest.mark.parametrize("channel", ["rest", "shell", "callback", ""])
def test_nobody_is_offered_where_a_later_answer_reaches_nobody(channel: str) -> None:
    assert desk_for(channel, GIVEN, SUNDAY) is None


@pytest.mark.parametrize("name", VARIABLES)
def test_nobody_is_offered_while_a_variable_is_missing(name: str) -> None:
    assert desk_for("website", {**GIVEN, name: " "}, SUNDAY) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHATWOOT_HORAIRES", "toujours"),
        ("CHATWOOT_FUSEAU", "Berlinville"),
        ("CHATWOOT_ACCOUNT_ID", "trois"),
        ("CHATWOOT_URL", "http://chatwoot.exemple.org"),
        ("CHATWOOT_WEBHOOK_SECRET", "court"),
    ],
)
def test_nobody_is_offered_with_a_value_that_will_not_do_and_what_is_wrong_quotes_none(name: str, value: str) -> None:
    settings = given({**GIVEN, name: value})
    assert desk_for("website", settings, SUNDAY) is None
    assert list(problems(settings)) == [name.replace("FUSEAU", "HORAIRES")]
    assert value not in str(problems(settings).values()).replace("https://", "")
