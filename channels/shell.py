"""The channel of `make shell`: the REST channel for people who test the FAQ, with `/pourquoi`."""

from channels.rest import GuardedRest


class ShellChannel(GuardedRest):
    """`POST /webhooks/shell/webhook`, as REST; opened by `tools/shell.py` only."""

    commands = frozenset({"/pourquoi"})

    @classmethod
    def name(cls) -> str:
        """Return the name in the address."""
        return "shell"
