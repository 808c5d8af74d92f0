"""Asking a running assistant over REST, as a visitor's browser does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import httpx

from evaluation.outcomes import Ask, Outcomes
from evaluation.replies import ReplyReader, UnreadableReplyError
from tools.servers import address, running_assistant

PATH = "/webhooks/rest/webhook"
#: Conversations held at the same time: Rasa and the action server are two processes, and both stay busy.
WORKERS = 4
_TIMEOUT_SECONDS = 60


class RestError(Exception):
    """The running assistant cannot be asked; the message is one line in French."""


@contextmanager
def asking(reader: ReplyReader, url: str | None = None) -> Iterator[Ask]:
    """Yield what asks an assistant, each conversation under a sender of its own.

    Args:
        reader: reads its replies back.
        url: where it runs; without one, the trained model is started for as long as this lasts.

    Raises:
        RestError: it did not start, or (while it is asked) does not answer, or answers what cannot be read.
    """
    if url is None:
        with running_assistant() as settings:
            if settings is None:
                raise RestError("L'assistant n'a pas démarré ; essayez « make run ».")
            with asking(reader, address(settings)) as ask:
                yield ask
        return
    with httpx.Client(base_url=url.removesuffix(PATH), timeout=_TIMEOUT_SECONDS, trust_env=False) as client:

        def ask(messages: Sequence[str]) -> list[Outcomes]:
            sender = f"evaluation-{uuid4()}"
            return [_asked(client, reader, sender, message) for message in messages]

        yield ask


def _asked(client: httpx.Client, reader: ReplyReader, sender: str, message: str) -> Outcomes:
    try:
        answer = client.post(PATH, json={"sender": sender, "message": message}).raise_for_status()
        messages = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RestError(f"L'assistant à l'adresse {client.base_url} ne répond pas ({type(error).__name__}).") from None
    except ValueError:
        messages = None
    if not isinstance(messages, list):
        raise RestError(f"Ce qui répond à l'adresse {client.base_url} n'est pas un assistant de Rasa.")
    try:
        return reader.read(messages)
    except UnreadableReplyError as error:
        raise RestError(f"{error} L'assistant a-t-il les mêmes connaissances et les mêmes phrases ?") from None
