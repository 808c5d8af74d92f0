"""Dates: read as people write them in YAML, compared as far as they are known, said in French."""

from datetime import date
from typing import Any

import pytest

from assistant.dates import in_french, is_before, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2019, "2019"),
        ("2019-03", "2019-03"),
        (date(2019, 3, 14), "2019-03-14"),
        (" 2019-03-14 ", "2019-03-14"),
        ("2019-13", None),
        ("2019-02-30", None),
        ("mars 2019", None),
        ("2019-3", None),
        (True, None),
        (20190314, None),
        (None, None),
        ([2019], None),
    ],
)
def test_a_date_is_read_as_yaml_gives_it(value: Any, text: str | None) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ("2018", "2019-03", True),
        ("2019-02-28", "2019-03", True),
        ("2019-03", "2019", False),  # it may be after the rest of that year, or before it
        ("2019", "2019-03", False),
        ("2019-03-14", "2019-03-14", False),
        ("2020", "2019", False),
    ],
)
def test_a_date_is_before_another_only_where_that_is_sure(one: str, other: str, before: bool) -> None:
    assert is_before(one, other) is before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-03", "3 mars 2026"),
        ("2026-08-01", "1er août 2026"),
        ("2026-12-31", "31 décembre 2026"),
        ("2019-03", "mars 2019"),
        ("2019", "2019"),
        ("printemps 2019", "printemps 2019"),
        ("", ""),
    ],
)
def test_a_date_is_said_in_french(text: str, said: str) -> None:
    assert in_french(text) == said
