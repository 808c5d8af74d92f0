"""Asking a bot over REST, as one client that keeps its connection."""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlsplit

from tqdm import tqdm

from tools.bench import BenchError
from tools.bench.bots import Bot, Running, running, tail
from tools.bench.figures import Round
from tools.bench.machine import resident_bytes
from tools.bench.sample import Topic, conversation, questions

#: How long a start may take before it counts as failed.
_PATIENCE_SECONDS = 180
_TIMEOUT_SECONDS = 60


def measure(bot: Bot, sample: Sequence[Topic], fresh: int, turns: int) -> Round:
    """Start a bot, ask it, weigh it, stop it.

    Args:
        bot: the bot.
        sample: what is asked.
        fresh: how many questions are asked in conversations of their own.
        turns: how many are asked in one conversation after that.

    Raises:
        BenchError: it does not start or does not answer.
    """
    began = time.perf_counter()
    with running(bot) as process, closing(Client(process.url)) as client:
        wait_for_answer(client, process, sample[0])
        start = time.perf_counter() - began
        try:
            with tqdm(total=fresh + turns, desc=bot.name, unit="question", leave=False, disable=None) as progress:

                def ask(sender: str, text: str) -> float:
                    progress.update()
                    return client.timed(sender, text)

                apart = [ask(f"neuve-{number}", text) for number, text in enumerate(questions(sample, fresh))]
                together = [ask("longue", text) for text in conversation(sample, turns)]
        except (OSError, HTTPException) as error:
            raise BenchError(f"{bot.name} ne répond plus ({error}) :\n{tail(process.log)}") from None
        return Round(start, apart, together, client.silent, resident_bytes(process.process.pid, bot.launcher))


class Client:
    """One client of a bot, on the standard library: a more comfortable one takes a millisecond more for itself.

    Attributes:
        silent: how many of the replies that were timed said nothing.
    """

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._connection = HTTPConnection(place.hostname or "", place.port, timeout=_TIMEOUT_SECONDS)
        self.silent = 0

    def ask(self, sender: str, text: str) -> str:
        """Return the texts of a reply.

        Raises:
            OSError, HTTPException: there is none.
        """
        return _texts(self._post(sender, text))

    def timed(self, sender: str, text: str) -> float:
        """Return the milliseconds of a reply.

        Raises:
            OSError, HTTPException: there is none.
        """
        began = time.perf_counter()
        body = self._post(sender, text)
        milliseconds = (time.perf_counter() - began) * 1000
        self.silent += not _texts(body)
        return milliseconds

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        self._connection.close()

    def _post(self, sender: str, text: str) -> bytes:
        body = json.dumps({"sender": sender, "message": text}).encode()
        try:
            self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            self.close()
            raise
        if answer.status != HTTPStatus.OK:
            raise HTTPException(f"HTTP {answer.status}")
        return content


def _texts(body: bytes) -> str:
    """Return the texts in the messages of Rasa's REST format."""
    return "\n".join(message.get("text", "") for message in json.loads(body))


def wait_for_answer(client: Client, process: Running, topic: Topic) -> None:
    """Ask a question until the right answer comes.

    Raises:
        BenchError: the bot has stopped, or takes more than `_PATIENCE_SECONDS`.
    """
    reply = ""
    end = time.monotonic() + _PATIENCE_SECONDS
    for number in count():
        try:
            reply = client.ask(f"debut-{number}", topic.examples[0])
        except (OSError, HTTPException):
            process.check()
        if topic.fact.answer in reply:
            return
        if time.monotonic() > end:
            problem = f"« {topic.examples[0]} » n'a pas reçu la bonne réponse en {_PATIENCE_SECONDS} secondes"
            raise BenchError(f"{problem}, mais : {reply or 'rien'}\n{tail(process.log)}")
        time.sleep(0.02)
