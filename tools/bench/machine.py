"""What the machine says of processes and folders."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process: its parent, its command line, and its resident bytes."""

    parent: int
    command: bytes
    resident: int


def resident_bytes(pid: int, launcher: bool) -> int | None:
    """Return the resident memory (RSS) of a process and all that came of it.

    What processes share is counted in each: it is never less than what they take.

    Args:
        pid: the process.
        launcher: it only starts the others: neither it nor its own forks count.

    Returns:
        Bytes; None where there is no `/proc` to read them from.
    """
    processes = dict(_processes())
    if pid not in processes:
        return None
    family = [processes[member] for member in _family(pid, processes)]
    return sum(one.resident for one in family if not launcher or one.command != processes[pid].command)


def folder_bytes(folder: Path) -> int:
    """Return what a folder takes on the disk, as `du` counts: whole blocks, a file with two names once."""
    entries = [Path(place) / name for place, folders, files in os.walk(folder) for name in [*folders, *files]]
    states = (entry.lstat() for entry in [folder.resolve(), *entries])
    return sum({(state.st_dev, state.st_ino): state.st_blocks * 512 for state in states}.values())


def _family(pid: int, processes: dict[int, Process]) -> Iterator[int]:
    yield pid
    for child, process in processes.items():
        if process.parent == pid:
            yield from _family(child, processes)


def _processes() -> Iterator[tuple[int, Process]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended since
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
            resident = int(status.get("VmRSS", "0 kB").split()[0]) * 1024
            yield int(folder.name), Process(int(status["PPid"]), (folder / "cmdline").read_bytes(), resident)
