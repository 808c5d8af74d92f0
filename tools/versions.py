"""`make versions`, `make revenir VERSION=…`: the models and knowledge that are kept, and the way back to them."""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from assistant.knowledge.loader import knowledge_version
from assistant.knowledge.snapshots import KEPT as KEPT_KNOWLEDGE
from assistant.knowledge.snapshots import SnapshotError, Snapshots, snapshots_folder
from assistant.settings import ROOT, Settings
from tools import kept_models
from tools.kept_models import KEPT as KEPT_MODELS
from tools.kept_models import MODEL, ModelMissing, kept, pin, pinned, put_in_use, unpin, version_of
from tools.train import fingerprint
from tools.words import not_written, place, when

_DESCRIPTION = """\
Sans VERSION, liste les modèles et les connaissances gardés, et ceux qui servent. Avec une version (ses premiers
caractères suffisent), remet ce modèle ou ces connaissances en place ; avec « actuelle », le modèle suit de nouveau les
données. Ce qui était en place est gardé d'abord : la même commande, avec son autre version, y revient.
"""
#: What is said instead of a version to have the model follow the data again.
LATEST = "actuelle"
#: Fewer characters than these name nothing on purpose.
_FEWEST = 4
_RESTART = "Pour qu'il serve : arrêtez l'assistant (Ctrl-C) et relancez make run."


class VersionError(Exception):
    """A version that cannot be gone back to; the message is one line in French."""


@dataclass(frozen=True)
class Current:
    """The versions in use.

    Attributes:
        model: that of the model that the next start takes; empty without one.
        knowledge: that of the files in the folder of the knowledge.
    """

    model: str
    knowledge: str


def keep(model: Path = ROOT / MODEL) -> str:
    """Keep a model beside those of before, and return its version.

    Raises:
        OSError: it cannot be read or copied.
    """
    return kept_models.keep(model)


def current(settings: Settings | None = None, root: Path = ROOT) -> Current:
    """Return the versions in use, by the settings of the environment unless others are given."""
    settings = settings or Settings.read()
    model = root / MODEL
    return Current(version_of(model) if model.is_file() else "", knowledge_version(settings.knowledge))


def activate(version: str, settings: Settings | None = None, root: Path = ROOT) -> str:
    """Put a kept model or a kept knowledge back in its place, after keeping what is there; return what to say of it.

    Args:
        version: the beginning of its name, or `LATEST` for the model of today's data.
        settings: where the knowledge and the conversations are; those of the environment unless given.
        root: the project's folder, with the models.

    Raises:
        VersionError: it is not kept, damaged, not to be told from another, or cannot be used any more.
        OSError: a file cannot be written.
    """
    if version == LATEST:
        return _follow_data(root)
    settings = settings or Settings.read()
    snapshots = Snapshots(snapshots_folder(settings))
    models, knowledge = ([one.version for one in some] for some in (kept(root), snapshots.all()))
    found = _found(version, [*models, *knowledge])
    try:
        if found in models:
            return _activate_model(found, root)
        return _activate_knowledge(found, settings, snapshots)
    except (ModelMissing, SnapshotError) as error:
        raise VersionError(str(error)) from None


def listing(settings: Settings, root: Path = ROOT) -> str:
    """Return what is kept, and what is in use, for a terminal."""
    now = current(settings, root)
    inputs = fingerprint(root)
    held = pinned(root)
    models = [
        (
            _mark(one.version == now.model, "en place, épinglé" if held else "en place"),
            one.version,
            when(one.trained_at),
            "données d'aujourd'hui" if one.inputs == inputs else "autres données",
        )
        for one in kept(root)
    ]
    if now.model and now.model not in {version for _, version, *_ in models}:
        models.insert(0, ("en place", now.model, "", "gardé au prochain démarrage"))
    snapshots = Snapshots(snapshots_folder(settings)).all()
    knowledge = [
        (
            _mark(one.version == now.knowledge, "en place"),
            one.version,
            when(one.kept_at),
            "mises de côté avant un retour" if one.aside else "",
        )
        for one in snapshots
    ]
    if now.knowledge not in {one.version for one in snapshots}:
        knowledge.insert(0, ("en place", now.knowledge, "", "gardées dès que l'assistant les lira"))
    return "\n".join(
        [
            f"Modèles (les {KEPT_MODELS} derniers) :",
            _table(models, ("", "version", "entraîné le", "à partir de")) if models else "  aucun : make train",
            "",
            f"Connaissances (les {KEPT_KNOWLEDGE} dernières, et celles mises de côté) :",
            _table(knowledge, ("", "version", "lues le", "")),
            "",
            "Pour revenir à l'une d'elles : make revenir VERSION=… (ses premiers caractères suffisent)",
        ]
    )


def main() -> int:
    """List what is kept, or go back; return the exit code."""
    parser = argparse.ArgumentParser(prog="make revenir", description=_DESCRIPTION, add_help=False)
    parser.add_argument("-h", "--help", action="help", help="montrer cette aide")
    parser.add_argument("version", nargs="?", metavar="VERSION", help=f"la version où revenir, ou « {LATEST} »")
    version = parser.parse_args().version
    try:
        settings = Settings.read()
        print(listing(settings) if version is None else activate(version, settings))
    except (ValueError, VersionError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(not_written(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    return 0


def _found(beginning: str, versions: Sequence[str]) -> str:
    """Return the one version that begins so."""
    if not re.fullmatch(rf"[0-9a-f]{{{_FEWEST},}}", beginning):
        raise VersionError(
            f"« {beginning} » n'est pas une version : donnez ses premiers caractères ({_FEWEST} au moins), "
            f"tels que make versions les montre, ou « {LATEST} »."
        )
    found = sorted({version for version in versions if version.startswith(beginning)})
    if not found:
        raise VersionError(
            f"Aucune version gardée ne commence par {beginning} ; make versions montre celles qui le sont."
        )
    if len(found) > 1:
        raise VersionError(f"Plusieurs versions commencent par {beginning} : {', '.join(found)}. Donnez-en plus.")
    return found[0]


def _activate_model(version: str, root: Path) -> str:
    """Put a model in use, pinned unless it is that of today's data."""
    before = kept_models.keep(root / MODEL) if (root / MODEL).is_file() else ""
    of_today = version == _of_today(root)
    if version == before and pinned(root) == ("" if of_today else version):
        return f"Le modèle {version} est déjà en place ; rien n'est changé."
    if of_today:
        put_in_use(root, version)
        unpin(root)
        said = f"Le modèle {version} est en place. Il est celui des données d'aujourd'hui : rien n'est épinglé."
    else:
        pin(root, version)
        said = (
            f"Le modèle {version} est en place et épinglé : make run et make train le gardent, même si les données ont "
            f"changé.\nPour suivre de nouveau les données : make revenir VERSION={LATEST}"
        )
    return "\n".join([said, *_way_back(before, version), _RESTART])


def _activate_knowledge(version: str, settings: Settings, snapshots: Snapshots) -> str:
    if version == knowledge_version(settings.knowledge):
        return f"Les connaissances {version} sont déjà en place ; rien n'est changé."
    before = snapshots.set_aside(settings.knowledge)
    try:
        snapshots.put_back(version, settings.knowledge)
    except OSError as error:
        raise VersionError(f"{not_written(error)} Ce qui était là est gardé : make revenir VERSION={before}") from None
    said = f"Les connaissances {version} sont en place (dossier {place(settings.knowledge)})."
    return "\n".join([said, *_way_back(before, version), "L'assistant en marche les lit d'ici quelques secondes."])


def _follow_data(root: Path) -> str:
    """Unpin the model, and put that of today's data in use where it is kept."""
    held, version = pinned(root), _of_today(root)
    before = version_of(root / MODEL) if (root / MODEL).is_file() else ""
    if version:
        put_in_use(root, version)
    unpin(root)
    if version and version == before:
        return f"Le modèle {version} est déjà celui des données d'aujourd'hui ; rien n'est épinglé."
    freed = f"Le modèle {held} n'est plus épinglé." if held else "Aucun modèle n'était épinglé."
    if not version:
        return f"{freed}\nAucun modèle gardé n'est celui des données d'aujourd'hui : make train l'entraîne."
    said = f"{freed} Le modèle {version}, celui des données d'aujourd'hui, est en place."
    return "\n".join([said, *_way_back(before, version), _RESTART])


def _of_today(root: Path) -> str:
    """Return the newest kept model of today's data; empty without one."""
    inputs = fingerprint(root)
    return next((one.version for one in kept(root) if one.inputs == inputs), "")


def _way_back(before: str, version: str) -> list[str]:
    return [f"Ce qui y était est gardé : make revenir VERSION={before}"] if before and before != version else []


def _mark(holds: bool, said: str) -> str:
    return said if holds else ""


def _table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> str:
    return str(tabulate(rows, head, "simple", disable_numparse=True))


if __name__ == "__main__":
    sys.exit(main())
