"""What the processes of a desk hold at a moment, from /proc."""

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.bench.processes import family, pss_megabytes
from tests.chaos.desk import Desk


class Sample(NamedTuple):
    web_megabytes: float
    workers_megabytes: float
    processes: int
    threads: int
    files: int
    sockets: int


def sample(desk: Desk) -> Sample:
    web, workers = desk.web.process.pid, desk.groups[0].process.pid
    members = [*family(web), *family(workers)]
    return Sample(
        round(pss_megabytes(web), 1),
        round(pss_megabytes(workers), 1),
        len(members),
        sum(len(list_of(pid, "task")) for pid in members),
        *counted([target for pid in members for target in links(pid)]),
    )


def counted(targets: list[str]) -> tuple[int, int]:
    sockets = sum(target.startswith("socket:") for target in targets)
    return len(targets) - sockets, sockets


def links(pid: int) -> list[str]:
    found = []
    for link in list_of(pid, "fd"):
        with suppress(OSError):
            found.append(str(link.readlink()))
    return found


def list_of(pid: int, folder: str) -> list[Path]:
    with suppress(OSError):
        return list(Path(f"/proc/{pid}/{folder}").iterdir())
    return []
