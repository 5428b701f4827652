"""What a process and its descendants use, read from /proc."""

import ctypes
import os
import signal
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Runs in the new process: Linux ends it when the bench goes, even by kill -9."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def family(pid: int) -> list[int]:
    """`pid` and everything that descends from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if fields := stat(int(folder.name)):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def cpu_seconds(pid: int) -> float:
    """Of the whole family, with those that have ended and were waited for."""
    used = [stat(member)[11:15] for member in family(pid)]
    return sum(int(ticks) for times in used for ticks in times) / TICKS


def pss_megabytes(pid: int) -> float:
    """Memory of the whole family; what two processes share is counted half for each."""
    return sum(map(pss, family(pid))) / 1024


def pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; none when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def named(pid: int, part: str) -> int:
    """The nearest descendant whose command line holds `part`."""
    return next(member for member in family(pid) if part in command_of(member))


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
