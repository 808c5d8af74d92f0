"""Chatwoot's API: https://developers.chatwoot.com/api-reference. A visitor writes by an inbox of the kind « API »."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from channels.messaging.probes import Probe
from channels.messaging.sending import NotSent, send
from channels.texts import TEXTS

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_TIMEOUT = httpx.Timeout(5.0)
#: How long, in seconds, a visitor waits at most until a conversation is handed over or a message passed on.
PATIENCE = 12.0


class Chatwoot:
    """The calls that are made. What a visitor does needs the inbox only, what the assistant says there the token.

    Args:
        settings: the variables of `assistant/handover.py`.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._url = settings["CHATWOOT_URL"].rstrip("/")
        self._inbox = f"{self._url}/public/api/v1/inboxes/{quote(settings['CHATWOOT_INBOX_IDENTIFIER'], safe='')}"
        self._account = settings["CHATWOOT_ACCOUNT_ID"]
        self._token = {"api_access_token": settings["CHATWOOT_TOKEN"]}

    async def open(self, name: str, note: str, request: str) -> tuple[str, int]:
        """Make a conversation: a note for the agents, then what the visitor wants of them.

        Args:
            name: what agents see of who writes.
            note: what was said so far.
            request: the first message of the visitor.

        Returns:
            what Chatwoot calls the visitor, and the conversation.

        Raises:
            NotSent: one of the calls failed; a conversation that was made by then is closed again.
        """
        return await _in_time(self._open(name, note, request))

    async def say(self, contact: str, number: int, text: str) -> None:
        """Pass a message of the visitor on.

        Raises:
            NotSent: it may not have arrived.
        """
        await _in_time(self._post(f"{self._conversation(contact, number)}/messages", {"content": text}))

    async def note(self, number: int, text: str) -> None:
        """Tell the agents something that the visitor does not see.

        Raises:
            NotSent: it may not have arrived.
        """
        url = f"{self._url}/api/v1/accounts/{self._account}/conversations/{number}/messages"
        body = {"content": text, "message_type": "outgoing", "private": True}
        await _in_time(self._post(url, body, self._token))

    async def resolve(self, contact: str, number: int) -> None:
        """Close a conversation.

        Raises:
            NotSent: it may still be open.
        """
        await _in_time(self._post(f"{self._conversation(contact, number)}/toggle_status", {}))

    def probes(self) -> Sequence[Probe]:
        """Ask for the inbox, and whose token it is."""
        profile = Probe("le jeton", f"{self._url}/api/v1/profile", self._token, problem=self._problem)
        return [Probe("la boîte de réception", self._inbox), profile]

    def _problem(self, profile: Mapping[str, Any]) -> str:
        accounts = {str(account["id"]) for account in profile["accounts"]}
        return "" if self._account in accounts else TEXTS["chatwoot_compte"]

    def _conversation(self, contact: str, number: int) -> str:
        return f"{self._inbox}/contacts/{quote(contact, safe='')}/conversations/{number}"

    async def _open(self, name: str, note: str, request: str) -> tuple[str, int]:
        contacts = f"{self._inbox}/contacts"
        contact = _read(await self._post(contacts, {"name": name}), "source_id", str)
        conversations = f"{contacts}/{quote(contact, safe='')}/conversations"
        number = _read(await self._post(conversations, {}), "id", int)
        try:
            await self.note(number, note)
            await self.say(contact, number, request)
        except NotSent:
            await self._close_again(contact, number)
            raise
        return contact, number

    async def _close_again(self, contact: str, number: int) -> None:
        """Close what no agent should wait for."""
        try:
            await self.resolve(contact, number)
        except NotSent as error:
            logger.error("chatwoot : la conversation %s reste ouverte sans visiteur, %s", number, error)

    async def _post(
        self, url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        what = url.rpartition("/")[2]
        async with httpx.AsyncClient(timeout=_TIMEOUT) as client:
            try:
                return await send(lambda: client.post(url, json=body, headers=headers), what)
            except (httpx.InvalidURL, ValueError):  # a variable holds what cannot be sent
                raise NotSent(f"{what} : adresse ou jeton impossible") from None


async def _in_time(call: Awaitable[_T]) -> _T:
    """Return what a call returns.

    Raises:
        NotSent: it takes longer than a visitor waits.
    """
    try:
        return await asyncio.wait_for(call, PATIENCE)
    except asyncio.TimeoutError:
        raise NotSent("pas de réponse à temps, peut-être arrivé") from None


def _read(answer: httpx.Response, name: str, kind: type[_T]) -> _T:
    """Return a value of an answer.

    Raises:
        NotSent: it is not there.
    """
    try:
        value = answer.json()[name]
    except (ValueError, KeyError, TypeError, IndexError):
        value = None
    if not isinstance(value, kind):
        raise NotSent(f"réponse sans « {name} »")
    return value
