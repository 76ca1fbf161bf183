"""What the numbers were measured on: the computer, how busy it was, and the versions."""

import os
import platform
import sys
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from backend import __version__
from backend.classifiers.pool import cores

PACKAGES = ("numpy", "pillow", "ai-edge-litert", "flask", "waitress")
NOT_HERE = "not measured here"


def describe() -> dict[str, Any]:
    """The computer, the versions and the time."""
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": {
            "processor": _processor(),
            "cores": cores(),
            "memory_gb": _memory_gb(),
            "system": f"{platform.system()} {platform.release()}",
        },
        "versions": {"peekaboo": __version__, "python": platform.python_version()}
        | {name: found for name in PACKAGES if (found := _version(name))},
    }


def load() -> list[float] | str:
    """How many programs wanted a core in the last 1, 5 and 15 minutes, this one included."""
    return [round(one, 2) for one in os.getloadavg()] if hasattr(os, "getloadavg") else NOT_HERE


def memory_mb(process: int) -> dict[str, float] | None:
    """Memory of a process and its children in MB, now and at most so far; None if unknown.

    The most of each is added up, so that the sum may be above what there was at one time.
    """
    if sys.platform != "linux":
        return None
    now = most = 0.0
    for one in [process, *descendants(process)]:
        try:
            status = Path(f"/proc/{one}/status").read_text("utf-8")
        except OSError:  # it has just ended
            continue
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        now += int(lines["VmRSS"].split()[0]) / 1024
        most += int(lines["VmHWM"].split()[0]) / 1024
    return {"now_mb": round(now, 1), "most_mb": round(most, 1)}


def descendants(process: int) -> list[int]:
    """The processes that it started, and those that they started; empty where unknown."""
    found: list[int] = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = file.read_text("utf-8").split()
        except OSError:  # it has just ended
            continue
        for child in map(int, children):
            found += [child, *descendants(child)]
    return found


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        known = dict.fromkeys(("model name", "vendor_id", "cpu family", "model"), "")
        for line in cpuinfo.read_text("utf-8").splitlines():
            key, _, value = line.partition(":")
            if not known.get(key.strip(), "?"):
                known[key.strip()] = value.strip()
        if known["model name"] not in ("", "unknown"):
            return known["model name"]
        if known["vendor_id"]:
            return "{vendor_id} family {cpu family} model {model}".format(**known)
    return platform.processor() or platform.machine()


def _memory_gb() -> float | str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return NOT_HERE
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
