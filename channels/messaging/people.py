"""Who writes: the id that an app gives a person, and the one that is stored and logged in its place."""

import hmac

from channels.sessions import secret


def conversation_of(channel: str, person: str) -> str:
    """Return the id of a person's conversation: a keyed hash, from which nobody without the key gets back to them.

    Args:
        channel: the name of the channel.
        person: the app's own id: a phone number, a chat, a user.
    """
    digest = hmac.digest(secret().encode(), f"{channel}\n{person}".encode(), "sha256")
    return f"{channel}-{digest.hex()[:32]}"
