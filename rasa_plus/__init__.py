"""What Rasa loads before anything else: its plugin hook, under the name it looks for.

Rasa 3.6.21 (`rasa/plugin.py`) imports a module of this name first and calls `init_hooks`. It is the one place where
telemetry can be switched off in time, and where what is slow in the last open-source release can be mended.
"""

import os

import pluggy

from assistant.settings import Settings
from rasa_plus import speed


def init_hooks(manager: pluggy.PluginManager) -> None:
    """Give Rasa the assistant's settings and mend its speed; registers no plugin.

    Args:
        manager: Rasa's plugin manager, which stays empty.
    """
    for name, value in Settings.read().for_rasa().items():
        os.environ.setdefault(name, value)
    speed.mend()
