"""Files from the internet, fetched once: known by their checksum, whole or not there at all."""

import hashlib
import http.client
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.disk import no_room, sync
from backend.errors import Busy, CannotUse

PATIENCE_S = 20
_PIECE_BYTES = 2**16
_NETWORK_TROUBLE = (
    urllib.error.URLError,
    http.client.HTTPException,
    TimeoutError,
    ConnectionError,
)
Tell = Callable[[int, int], None]
"""Told how many bytes of how many are there."""


@dataclass(frozen=True)
class Download:
    """A file that never changes.

    Attributes:
        address: the folder where it lies in the internet, without a slash at the end.
        size: bytes.
        sha256: its checksum, 64 hexadecimal digits.
    """

    name: str
    address: str
    size: int
    sha256: str


def fetch(wanted: Download, folder: Path, tell: Tell, source: str | None = None) -> Path:
    """Bring a file into a folder; what an earlier try has brought is kept and gone on from.

    Args:
        source: where to look instead: another address, or a folder on this computer.

    Raises:
        Busy: there is no way to the internet at the moment, or no room.
        CannotUse: what came is something else.
    """
    file, part = folder / wanted.name, folder / f"{wanted.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if is_whole(file, wanted):
            return file
        if source and not source.startswith(("http://", "https://")):
            _copy(Path(source) / wanted.name, part)
        else:
            _download(wanted, f"{source or wanted.address}/{wanted.name}", part, tell)
        if not is_whole(part, wanted):
            part.unlink()
            raise _something_else(wanted)
        sync(part)
        part.replace(file)
    except urllib.error.HTTPError as problem:
        raise _unreachable(wanted, f"the server answered {problem.code}") from problem
    except _NETWORK_TROUBLE as problem:
        raise _unreachable(wanted, "no way through to the internet") from problem
    except OSError as problem:
        raise no_room(problem) from problem
    return file


def is_whole(file: Path, wanted: Download) -> bool:
    """Whether this is the file, to the last bit."""
    if not file.is_file() or file.stat().st_size != wanted.size:
        return False
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest() == wanted.sha256


def _copy(file: Path, part: Path) -> None:
    if not file.is_file():
        raise CannotUse(
            "no_file", f"There is no file {file}.", "Copy it there, or choose another folder."
        )
    shutil.copyfile(file, part)


def _download(wanted: Download, address: str, part: Path, tell: Tell) -> None:
    there = part.stat().st_size if part.is_file() else 0
    if there >= wanted.size:
        there = 0
    asked = urllib.request.Request(address, headers={"User-Agent": "Peekaboo"})
    if there:
        asked.add_header("Range", f"bytes={there}-")
    with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
        goes_on = answer.status == 206
        there = there if goes_on else 0
        length = answer.headers.get("Content-Length", "")
        if length.isdigit() and there + int(length) != wanted.size:
            raise _something_else(wanted)
        with part.open("ab" if goes_on else "wb") as content:
            # One byte more than wanted shows that it is something else; no more is taken.
            while there <= wanted.size and (piece := answer.read(_PIECE_BYTES)):
                content.write(piece)
                there += len(piece)
                tell(min(there, wanted.size), wanted.size)
    if there < wanted.size:
        raise http.client.IncompleteRead(b"", wanted.size - there)


def _something_else(wanted: Download) -> CannotUse:
    return CannotUse(
        "wrong_download",
        f"What came as {wanted.name} is not that file.",
        "Try again; if a page asks you to log in to the network first, do that.",
    )


def _unreachable(wanted: Download, why: str) -> Busy:
    return Busy(
        "offline",
        f"{wanted.name} could not be fetched to the end: {why}.",
        "Try again when this computer is online, what has come is kept; or bring the file from "
        f"another computer and say --from FOLDER. It is at {wanted.address}/{wanted.name}",
    )
