"""Run a module without warnings of deprecation: `python -m tools.quietly rasa run ...`.

Rasa 3.6 and its Sanic use much that their libraries have since deprecated, and switch such warnings on again after
PYTHONWARNINGS has switched them off. Other warnings stay: Rasa tells by them what is wrong with the data.
"""

import runpy
import sys
import warnings
from typing import Any

#: setuptools gives this one as a plain warning to users.
_PKG_RESOURCES = "pkg_resources is deprecated"


def silence_deprecations() -> None:
    """Keep deprecations from being shown, whatever the filters say later on."""
    show = warnings.showwarning

    def show_others(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if not is_deprecation(message, category):
            show(message, category, *place, **more)

    warnings.showwarning = show_others


def is_deprecation(message: Warning | str, category: type[Warning]) -> bool:
    """Say whether a warning only tells a library's author that something will go away."""
    deprecations = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
    return issubclass(category, deprecations) or str(message).startswith(_PKG_RESOURCES)


def main() -> None:
    """Run the module that the first argument names, with the other arguments, as `python -m` would."""
    silence_deprecations()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
