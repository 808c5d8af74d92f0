"""The fixed sentences of `data/responses/`, as the evaluation says and recognises them."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from assistant.settings import ROOT

FOLDER = ROOT / "data" / "responses"

#: The texts of each response, by its name.
Responses = Mapping[str, tuple[str, ...]]


def read_responses(folder: Path = FOLDER) -> Responses:
    """Return all responses; `tests/content` has checked them."""
    return {
        name: tuple(variant["text"] for variant in variants)
        for path in sorted(folder.glob("*.yml"))
        for name, variants in yaml.safe_load(path.read_text("utf-8"))["responses"].items()
    }
