"""A reading goes from Rasa to the action server as JSON, and comes back the same."""

import json

import pytest

from assistant.understanding.records import Double, Half, Reading

DOUBLE = Double(Half("où", "fait/ocam.lieu_creation", 0.75), Half("quand ?", "contact", 0.0), 0.5)


@pytest.mark.parametrize(
    "reading",
    [
        Reading(),
        Reading((("fait/oim.sigle", 0.5), ("merci", 0.25))),
        Reading((), ("es", 0.75), DOUBLE),
        Reading(gibberish=True),
        Reading(premise=0.5),
    ],
)
def test_a_reading_survives_json(reading: Reading) -> None:
    assert Reading.from_dict(json.loads(json.dumps(reading.as_dict()))) == reading
    assert Reading.from_dict(reading.as_dict()) == reading
