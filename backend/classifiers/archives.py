"""Zip files from strangers: sizes are checked before anything is unpacked, names never used."""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backend.errors import CannotUse, TooLarge

LARGEST_BYTES = 500 * 1024 * 1024
"""For all files of a model together; few models in use are larger."""
MOST_ENTRIES = 10_000
LARGEST_RATIO = 100
"""Weights hardly shrink when packed; what shrinks a hundredfold is no model."""
_PLAIN_BYTES = 1024 * 1024
_BLOCK_BYTES = 1024 * 1024


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file whose names are safe and which has no password.

    Raises:
        CannotUse: it is damaged, locked, or wants to write outside its folder.
        TooLarge: too many entries.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise too_large()
            for entry in archive.infolist():
                _refuse_unsafe(entry)
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, zlib.error) as problem:
        raise CannotUse(
            "damaged_zip",
            "The zip file is damaged or packed in a way that we do not know.",
            "Download it again and try once more.",
        ) from problem


def unpack(archive: zipfile.ZipFile, entries: dict[zipfile.ZipInfo, Path]) -> None:
    """Write entries of an archive to files that we name.

    Raises:
        TooLarge: they are too large together, or one shrinks more than a model can.
    """
    if sum(entry.file_size for entry in entries) > LARGEST_BYTES:
        raise too_large()
    for entry in entries:
        if entry.file_size > max(_PLAIN_BYTES, LARGEST_RATIO * entry.compress_size):
            raise TooLarge(
                "model_too_large",
                "The zip holds a file that grows more than a model can when unpacked.",
                "Export the model again yourself, and add that zip.",
            )
    for entry, path in entries.items():
        with archive.open(entry) as packed, path.open("wb") as plain:
            # Reading never gives more bytes than the size that was checked.
            while block := _read(packed):
                plain.write(block)


def _read(packed: IO[bytes]) -> bytes:
    try:
        return packed.read(_BLOCK_BYTES)
    except (OSError, lzma.LZMAError) as problem:  # Not that the disk is full: bzip2 has no other.
        raise zipfile.BadZipFile from problem


def too_large() -> TooLarge:
    """The error for models of more bytes than we accept."""
    return TooLarge(
        "model_too_large",
        f"The model has more than {LARGEST_BYTES // 2**20} MB when unpacked.",
        "Use a smaller model.",
    )


def _refuse_unsafe(entry: zipfile.ZipInfo) -> None:
    # ZipInfo already cuts names at a null byte and turns the system's separator into "/".
    steps = entry.filename.replace("\\", "/").split("/")
    link = stat.S_ISLNK(entry.external_attr >> 16)
    if ".." in steps or steps[0] == "" or ":" in steps[0] or link:
        raise CannotUse(
            "unsafe_zip",
            "The zip holds a file that wants to be put outside its own folder.",
            "Do not use this file; export the model again yourself.",
        )
    if entry.flag_bits & 1:
        raise CannotUse(
            "zip_with_password",
            "The zip is locked with a password.",
            "Make one without a password.",
        )
