"""Channels that environment variables switch on: which they need, which are given, and how they are tried."""

import os
from abc import ABC
from collections.abc import Mapping, Sequence
from typing import ClassVar

from rasa.core.channels.channel import InputChannel

from channels.messaging.probes import Probe


class Switched(InputChannel, ABC):
    """A channel that is switched on by its variables alone.

    Attributes:
        variables: the environment variables that it needs.
        optional: those that it may have, with their defaults.
        settings: their values.
    """

    variables: ClassVar[tuple[str, ...]]
    optional: ClassVar[Mapping[str, str]] = {}

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings

    @classmethod
    def from_credentials(cls, credentials: object) -> "Switched":
        """Return the channel with the settings of the environment."""
        names = dict.fromkeys(cls.variables, "") | dict(cls.optional)
        return cls({name: os.environ.get(name, "").strip() or default for name, default in names.items()})

    @property
    def missing(self) -> list[str]:
        """The variables that are not set, or whose value will not do."""
        return [name for name in self.variables if not self.settings[name]]

    def probes(self) -> Sequence[Probe]:
        """Return calls that change nothing and show whether the variables are right, if there are any."""
        return ()
