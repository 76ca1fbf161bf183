"""The environment of the peers: others' packages, apart from Peekaboo's own."""

import json
import os
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.bench.server import ROOT
from backend.bench.timing import NotMeasured, Taken
from backend.errors import CannotUse

FOLDER = ROOT / "build" / "bench-env"
PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "requirements-bench.txt"


def set_up() -> None:
    """Make the environment and install the peers into it.

    Raises:
        CannotUse: a package could not be installed.
    """
    if not PYTHON.exists():
        venv.create(FOLDER, with_pip=True)
    # Without their dependencies: all of them are in the file, and on Linux xplique would
    # fetch some gigabytes for graphics cards.
    command = [str(PYTHON), "-m", "pip", "install", "--no-deps", "-r", str(REQUIREMENTS)]
    if subprocess.call(command) != 0:
        raise CannotUse(
            "no_peers",
            "The packages to compare with could not be installed.",
            "Is this computer online? Look at pip's message above, then try again.",
        )


class Peers:
    """A process that does what it is asked and says what it took; see `backend.bench.answering`.

    Attributes:
        versions: of the packages in its environment.
    """

    def __init__(self, process: subprocess.Popen):
        self._process = process
        self.versions: dict[str, str] = self._read()["versions"]

    def run(self, way: str) -> Taken:
        """Run one of its ways once.

        Raises:
            NotMeasured: it cannot.
        """
        assert self._process.stdin
        self._process.stdin.write(way + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if "reason" in answer:
            raise NotMeasured(answer["reason"])
        return Taken(answer["seconds"], answer["processor_seconds"])

    def _read(self) -> dict:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise NotMeasured("its process ended")
        return json.loads(line)


@contextmanager
def running_peers(python: Path | str, module: str, *arguments: object) -> Iterator[Peers]:
    """Start the program `module` in an environment, and stop it in the end."""
    process = subprocess.Popen(
        [str(python), "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Peers(process)
    finally:
        process.kill()
        process.wait()
