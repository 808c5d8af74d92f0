"""What tests have other processes do; it imports little, since each of them imports it."""

from collections.abc import Sequence
from pathlib import Path

from channels.messaging.inbox import Inbox, State


def take_all(path: Path, numbers: Sequence[str]) -> list[str]:
    """Return which messages this process got."""
    return [number for number in numbers if Inbox(path).take("app", number) is State.NEW]
