"""The French texts that channels say themselves, from `textes.yml`."""

from pathlib import Path

import yaml

TEXTS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("textes.yml").read_text("utf-8"))
