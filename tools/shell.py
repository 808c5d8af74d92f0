"""`make shell`: talk to the assistant in the terminal, with everything it needs started and stopped beside it."""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from assistant.dialogue.records import Button
from assistant.settings import ROOT, Settings
from channels.pause import pause_file, read_pause
from tools.servers import address, running_assistant, stop_signals_interrupt
from tools.train import TrainingError, ensure_model

_WELCOME = """
Posez vos questions sur l'OIM, en français.
  Un numéro choisit la proposition qui le porte. /pourquoi explique la dernière réponse. /fin (ou Ctrl-D) termine.
"""
#: What is tried here is an assistant of one's own: an operator mends an answer and tries it before the pause ends.
_PAUSED = "L'assistant en ligne est en pause. Celui d'ici répond, pour que vous puissiez essayer avant make reprise."
_PROMPT = "Vous > "
_END = "/fin"
_CREDENTIALS = ROOT / "tools" / "shell_credentials.yml"
#: A turn takes milliseconds; this is for a machine that is doing something else.
_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Reply:
    """What the assistant said in one turn."""

    texts: tuple[str, ...]
    buttons: tuple[Button, ...]

    @classmethod
    def read(cls, messages: Sequence[dict[str, object]]) -> "Reply":
        """Return the reply in the messages of Rasa's REST format."""
        texts = tuple(str(message["text"]) for message in messages if message.get("text"))
        buttons = [button for message in messages for button in _list(message.get("buttons"))]
        return cls(texts, tuple(Button(str(button["title"]), str(button["payload"])) for button in buttons))

    def __str__(self) -> str:
        numbered = [f"  {number}. {button.title}" for number, button in enumerate(self.buttons, start=1)]
        return "\n".join([*self.texts, *numbered])


def pressed(line: str, buttons: Sequence[Button]) -> str:
    """Return what a typed line sends: the payload of the button it numbers, or itself."""
    if line.isdecimal() and 1 <= int(line) <= len(buttons):
        return buttons[int(line) - 1].payload
    return line


def talk(client: httpx.Client, lines: Iterator[str]) -> None:
    """Send lines to the assistant and print what it says, until there are none left or `/fin`.

    Raises:
        httpx.HTTPError: the assistant does not answer any more.
    """
    buttons: tuple[Button, ...] = ()
    for line in lines:
        if line == _END:
            return
        if not line:
            continue
        answer = client.post("/webhooks/shell/webhook", json={"sender": "terminal", "message": pressed(line, buttons)})
        reply = Reply.read(answer.raise_for_status().json())
        buttons = reply.buttons
        print(f"{reply}\n", flush=True)


def main() -> int:
    """Hold a conversation; return the exit code."""
    argparse.ArgumentParser(
        prog="make shell", description=f"Parle avec l'assistant dans le terminal.{_WELCOME}"
    ).parse_args()
    try:
        with stop_signals_interrupt():
            ensure_model()
            if read_pause(pause_file(Settings.read())):
                print(_PAUSED, flush=True)
            print("Démarrage de l'assistant...", flush=True)
            with running_assistant(_CREDENTIALS) as settings:
                if settings is None:
                    return 1
                print(_WELCOME, flush=True)
                with httpx.Client(base_url=address(settings), timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
                    talk(client, _typed_lines() if sys.stdin.isatty() else _piped_lines())
    except KeyboardInterrupt:
        print()
    except (ValueError, TrainingError) as error:
        print(error, file=sys.stderr)
        return 1
    except httpx.HTTPError:
        print("L'assistant ne répond plus. Relancez make shell.", file=sys.stderr)
        return 1
    print("Au revoir.")
    return 0


def _typed_lines() -> Iterator[str]:
    """Yield what is typed until Ctrl-D, with a history in memory."""
    import readline  # noqa: F401, PLC0415  its import alone gives `input` a history; unwanted where input is piped

    while True:
        try:
            yield input(_PROMPT).strip()
        except EOFError:
            print()
            return


def _piped_lines() -> Iterator[str]:
    """Yield what is piped in, showing it as if it had been typed."""
    for line in io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="replace"):
        print(f"{_PROMPT}{line.strip()}", flush=True)
        yield line.strip()


def _list(value: object) -> list[dict[str, object]]:
    return value if isinstance(value, list) else []


if __name__ == "__main__":
    sys.exit(main())
