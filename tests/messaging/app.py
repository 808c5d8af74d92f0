"""What the contract of all messaging apps is tested with: one driver per app, which does what the app's servers do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import httpx

from tests.messaging.standin import Shown, StandIn


class App(ABC):
    """An app: its stand-in, and what it sends to our webhook when people write.

    Attributes:
        name: the channel's name, as in its address.
        buttons: whether it shows choices as buttons (otherwise as a numbered list).
    """

    name: ClassVar[str]
    buttons: ClassVar[bool] = True

    def __init__(self) -> None:
        self.standin = self.make()
        self.client: httpx.Client | None = None

    @abstractmethod
    def make(self) -> StandIn:
        """Return its stand-in, started."""

    @property
    @abstractmethod
    def variables(self) -> Mapping[str, str]:
        """The environment variables that switch the connector on, with the address of the stand-in."""

    def person(self, name: str) -> str:
        """Return the app's own id of a person."""
        return name

    @abstractmethod
    def text(self, person: str, text: str, id: str) -> httpx.Response:
        """Send what a person wrote, signed as the app does. The same `id` is the same message, sent again."""

    @abstractmethod
    def press(self, person: str, shown: Shown, place: int, id: str) -> httpx.Response:
        """Send that a person pressed a button of a message; without buttons, its number as a text."""

    @abstractmethod
    def media(self, person: str, id: str) -> httpx.Response:
        """Send a picture without a text."""

    @abstractmethod
    def forged(self, person: str, text: str, id: str) -> list[httpx.Response]:
        """Send messages that do not come from the app: no signature, a wrong one, one of another body, an old one."""

    @abstractmethod
    def ignored(self, person: str, id: str) -> list[httpx.Response]:
        """Send all that apps tell and that deserves silence: deliveries, reads, joins, edits, echoes."""

    @abstractmethod
    def malformed(self) -> list[httpx.Response]:
        """Call the stand-in in at least five wrong ways; each must be refused."""

    def post(self, content: bytes, headers: Mapping[str, str], query: str = "") -> httpx.Response:
        """Post to our webhook."""
        assert self.client is not None
        return self.client.post(f"/webhooks/{self.name}/webhook{query}", content=content, headers=dict(headers))
