"""Tokens of conversations that a browser keeps: made and signed here, so that nobody opens another visitor's."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from itsdangerous import BadSignature, Signer

from assistant.settings import Settings

#: The fewest characters of a secret that an operator chooses: what is shorter can be guessed from one token.
MIN_SECRET = 32


class Sessions:
    """Makes tokens and reads them; the id that conversations are stored under gives no token away.

    Args:
        secret: what tokens are signed with; whoever has it can open any conversation.
    """

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt="conversations", key_derivation="hmac", digest_method=hashlib.sha256)

    def new(self) -> str:
        """Return a token of a new conversation, which can stand in an address."""
        return self._signer.sign(secrets.token_urlsafe(16)).decode("ascii")

    def conversation(self, token: object) -> str | None:
        """Return the id of the conversation that a token stands for, or None if the token was not made here."""
        if not isinstance(token, str) or not token.isascii():  # a lone surrogate could not even be compared
            return None
        try:
            return self._signer.unsign(token).decode("ascii")
        except BadSignature:
            return None


def secret() -> str:
    """Return what tokens are signed with: ASSISTANT_SECRET, or a secret made once beside the conversations.

    Raises:
        ValueError: the secret is too short; the message says, in French, what to do.
    """
    settings = Settings.read()
    known = known_secret(settings)
    if known is None:
        _make(secret_file(settings))
        known = _kept(secret_file(settings))
    return known


def known_secret(settings: Settings) -> str | None:
    """Return the secret that there is already, or None.

    Raises:
        ValueError: it is too short; the message says, in French, what to do.
    """
    chosen, path = settings.secret, secret_file(settings)
    if not chosen:
        return _kept(path) if path.exists() else None
    if len(chosen) < MIN_SECRET:
        raise ValueError(f"ASSISTANT_SECRET doit avoir au moins {MIN_SECRET} caractères, et en a {len(chosen)}.")
    return chosen


def secret_file(settings: Settings) -> Path:
    """Return the file that a secret is kept in where none is chosen: beside the conversations."""
    return settings.database.parent / "secret"


def _kept(path: Path) -> str:
    """Return the secret kept in a file."""
    kept = path.read_text("ascii", errors="replace").strip()
    if len(kept) < MIN_SECRET:
        raise ValueError(f"Le secret du fichier {path} est trop court : effacez ce fichier, un autre sera créé.")
    return kept


def _make(path: Path) -> None:
    """Make a secret that no other user of the machine can read; the first of several processes wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)  # whole at once, and never over a secret that another process has just made
    finally:
        draft.unlink(missing_ok=True)
