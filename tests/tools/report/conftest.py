"""The simulated month, made once, and its report."""

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone

import pytest

from assistant.settings import Settings
from channels.journal import Entry, Journal
from tests.tools.report.month import KEPT_DAYS, Month, simulate
from tools.report.__main__ import make_report
from tools.report.figures import Report
from tools.report.period import Period
from tools.train import ensure_model


@dataclass(frozen=True)
class Made:
    """A report, its files, and how long it took to make, in seconds."""

    report: Report
    files: Mapping[str, bytes]
    seconds: float


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """20,000 conversations of a month that ends today."""
    ensure_model()
    before = os.environ.get("ASSISTANT_SECRET")
    os.environ["ASSISTANT_SECRET"] = "s" * 32
    try:
        today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
        yield simulate(tmp_path_factory.mktemp("month"), today)
    finally:
        os.environ.pop("ASSISTANT_SECRET")
        if before is not None:
            os.environ["ASSISTANT_SECRET"] = before


@pytest.fixture(scope="session")
def settings(month: Month) -> Settings:
    return replace(Settings.read({}), database=month.folder / "conversations.db", question_days=KEPT_DAYS)


@pytest.fixture(scope="session")
def entries(month: Month) -> list[Entry]:
    """All decisions of the month."""
    journal = Journal(month.journal, KEPT_DAYS)
    try:
        return journal.entries(month.start, month.end)
    finally:
        journal.close()


@pytest.fixture(scope="session")
def made(month: Month, settings: Settings) -> Made:
    """The report on the second half of the month, beside the first."""
    began = time.process_time()
    middle = month.start + (month.end - month.start) / 2
    report, files = make_report(settings, Period(middle, month.end))
    return Made(report, files, time.process_time() - began)
