"""Tokens: only what was signed here opens a conversation, and the secret stays the operator's."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from channels.sessions import Sessions, secret

SECRET = "s" * 32


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the secret is kept when the operator has chosen none."""
    monkeypatch.delenv("ASSISTANT_SECRET", raising=False)
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "var" / "conversations.db"))
    return tmp_path / "var" / "secret"


def test_a_token_stands_for_one_conversation_and_two_for_two() -> None:
    sessions = Sessions(SECRET)
    token, other = sessions.new(), sessions.new()
    assert sessions.conversation(token) == sessions.conversation(token) is not None
    assert sessions.conversation(other) != sessions.conversation(token)


def test_a_token_is_read_after_a_restart_with_the_same_secret_only() -> None:
    token = Sessions(SECRET).new()
    assert Sessions(SECRET).conversation(token)
    assert Sessions("t" * 32).conversation(token) is None


def test_a_token_can_stand_in_an_address_and_its_id_has_16_bytes() -> None:
    sessions = Sessions(SECRET)
    token = sessions.new()
    assert re.fullmatch(r"[\w.-]+", token, re.ASCII)
    assert re.fullmatch(r"[\w-]{22}", sessions.conversation(token) or "", re.ASCII)


def test_the_id_of_a_conversation_opens_nothing() -> None:
    """Ids stand in the store and in logs."""
    sessions = Sessions(SECRET)
    conversation = sessions.conversation(sessions.new())
    assert conversation
    assert sessions.conversation(conversation) is None
    assert sessions.conversation(conversation + ".") is None


def test_a_token_changed_anywhere_opens_no_other_conversation() -> None:
    sessions = Sessions(SECRET)
    token = sessions.new()
    conversation = sessions.conversation(token)
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        assert sessions.conversation(changed) in (None, conversation)
    assert sessions.conversation(f"X{token}") is None
    assert sessions.conversation(f"{token}X") is None


@pytest.mark.parametrize(
    "token",
    [None, 3, True, b"a.b", [], {}, "", ".", "a", "a.b", "..", "\ud800.\ud800", "é.é", "\x00.\x00", "a" * 100_000],
)
def test_what_is_no_token_is_none(token: object) -> None:
    assert Sessions(SECRET).conversation(token) is None


def test_the_operators_secret_is_taken_as_it_is(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SECRET", SECRET)
    assert secret() == SECRET
    assert not kept.exists()


def test_an_empty_secret_counts_as_none(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SECRET", "")
    assert secret() == kept.read_text()


def test_a_short_secret_is_refused_in_french_and_not_shown(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = "s" * 31
    monkeypatch.setenv("ASSISTANT_SECRET", short)
    with pytest.raises(ValueError, match="ASSISTANT_SECRET doit avoir au moins 32 caractères") as raised:
        secret()
    assert short not in str(raised.value)


def test_without_one_a_secret_is_made_once_that_only_the_operator_can_read(kept: Path) -> None:
    made = secret()
    assert len(made) >= 32
    assert secret() == made == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == ["secret"]


def test_two_places_have_two_secrets(kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = secret()
    monkeypatch.setenv("ASSISTANT_BASE", str(tmp_path / "other" / "conversations.db"))
    assert secret() != first


def test_processes_that_start_at_once_agree(kept: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(lambda _: secret(), range(16)))) == 1
    assert [path.name for path in kept.parent.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff"])
def test_a_file_that_holds_no_secret_is_said_in_french(kept: Path, content: bytes) -> None:
    kept.parent.mkdir()
    kept.write_bytes(content)
    with pytest.raises(ValueError, match="effacez ce fichier"):
        secret()
