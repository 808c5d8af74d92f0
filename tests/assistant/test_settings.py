"""Settings: safe when nothing is said, one variable for each, and a bad value is refused by name, in French."""

from pathlib import Path

import pytest

from assistant.settings import ROOT, Settings


def test_nothing_set_listens_on_this_machine_and_keeps_a_day() -> None:
    settings = Settings.read({})
    assert settings.host == "127.0.0.1"
    assert (settings.port, settings.actions_port) == (5005, 5055)
    assert settings.database == ROOT / "var" / "conversations.db"
    assert settings.conversation_hours == 24
    assert settings.knowledge == ROOT / "knowledge"


@pytest.mark.parametrize(
    ("variable", "value", "attribute", "expected"),
    [
        ("ASSISTANT_HOTE", "0.0.0.0", "host", "0.0.0.0"),
        ("ASSISTANT_PORT", "8080", "port", 8080),
        ("ASSISTANT_PORT", "1", "port", 1),
        ("ASSISTANT_PORT_ACTIONS", "65535", "actions_port", 65535),
        ("ASSISTANT_BASE", "/tmp/a.db", "database", Path("/tmp/a.db")),
        ("ASSISTANT_HEURES_CONSERVATION", "0.5", "conversation_hours", 0.5),
        ("ASSISTANT_CONNAISSANCES", "/tmp/k", "knowledge", Path("/tmp/k")),
        ("ASSISTANT_JOURS_QUESTIONS", "14", "question_days", 14),
        ("ASSISTANT_PASSAGES", "non", "passages", False),
    ],
)
def test_each_variable_sets_its_setting_and_no_other(
    variable: str, value: str, attribute: str, expected: object
) -> None:
    default, settings = Settings.read({}), Settings.read({variable: value})
    changed = {name for name in vars(default) if getattr(default, name) != getattr(settings, name)}
    assert changed == {attribute}
    assert getattr(settings, attribute) == expected


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(
            (port, value)
            for port in ("ASSISTANT_PORT", "ASSISTANT_PORT_ACTIONS")
            for value in ("", "abc", "0", "-1", "65536", "80.5", "inf", "nan")
        ),
        ("ASSISTANT_PASSAGES", "peut-être"),
        *(("ASSISTANT_HEURES_CONSERVATION", value) for value in ("", "un jour", "-1", "nan")),
    ],
)
def test_a_bad_number_is_refused_with_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(ValueError, match=rf"^{variable} doit être .* « {value} »\.$"):
        Settings.read({variable: value})


def test_rasa_gets_the_settings_and_no_telemetry() -> None:
    settings = Settings.read(
        {"ASSISTANT_PORT_ACTIONS": "6000", "ASSISTANT_BASE": "/tmp/a.db", "ASSISTANT_HEURES_CONSERVATION": "2"}
    )
    variables = settings.for_rasa()
    assert variables["RASA_TELEMETRY_ENABLED"] == "false"
    assert variables["ACTIONS_URL"] == "http://127.0.0.1:6000/webhook"
    assert variables["CONVERSATIONS_DB"] == "/tmp/a.db"
    assert float(variables["CONVERSATION_HOURS"]) == 2


def test_rasa_gets_every_variable_that_its_files_name() -> None:
    named = {part.split("}")[0] for part in (ROOT / "endpoints.yml").read_text("utf-8").split("${")[1:]}
    assert named
    assert named <= set(Settings.read({}).for_rasa())


def test_the_actions_server_stays_on_this_machine_whatever_the_host() -> None:
    variables = Settings.read({"ASSISTANT_HOTE": "0.0.0.0"}).for_rasa()
    assert variables["SANIC_HOST"] == "127.0.0.1"
    assert variables["ACTIONS_URL"].startswith("http://127.0.0.1:")
