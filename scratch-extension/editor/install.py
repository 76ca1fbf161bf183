"""Fetch the official Scratch editor, once, and unpack the part of it that Peekaboo needs.

The editor is the npm package `@scratch/scratch-gui` (AGPL-3.0, see NOTICE). It is not shipped with
Peekaboo: this file asks npm for one pinned version, checks that the file is byte for byte the one
we know, and unpacks about a seventh of it, unchanged, into `vendor/`. Only the standard library is
used, so that `run.py` can call it before anything else is installed.
"""

from __future__ import annotations

import base64
import errno
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

PACKAGE = "@scratch/scratch-gui"
VERSION = "15.2.0"
INTEGRITY = (
    "sha512-ZjKknkK6Suh0qtfCgaKNUt2Ilz/j6pWdTn6+Brrb2NLn8iXviccLfiSezAFvXqFqWaOMjac0sMfe8JpKkkOPTg"
    "=="
)

VENDOR = Path(__file__).resolve().parent / "vendor"
MARKER = "installed.json"
MAIN_SCRIPT = "scratch-gui-standalone.js"

# Left out: source maps, the second build without React, face detection (14 MB), firmware, and the
# pictures of the tutorials, which need videos from the internet anyway.
_WANTED_FILE = re.compile(
    r"""package/(?:
        (?P<top>LICENSE|TRADEMARK|package\.json)
      | dist/(?P<dist>
            scratch-gui-standalone\.js(?:\.LICENSE\.txt)?
          | extension-worker\.js(?:\.LICENSE\.txt)?
          | chunks/(?![\w-]+-steps\.)[\w.-]+\.js
          | static/blocks-media/[\w./-]+
          | static/assets/(?:
                boost|ev3|faceSensing|gdxfor|makeymakey|microbit|music|pen|text2speech
              | translate|translateIcon|wedo
              | (?:boost|ev3-hub|microbit|wedo|boost-button|wedo-button)-illustration
              | (?:microbit|wedo)-small | icon--[\w-]+ | measure-svg | paper-core | paper-import
              | runner | searching | telemetry-modal-header | unsupported
            )\.[\w.-]+
          | static/assets/video-sensing\.\w+\.png
        )
    )""",
    re.VERBOSE,
)
_MOST_BYTES_PER_FILE = 32 * 2**20
_MOST_BYTES = 64 * 2**20
_LEAST_BYTES_TO_COMPRESS = 50_000
_DOWNLOAD_LIMIT_S = 30 * 60

Progress = Callable[[str], None]


class EditorInstallError(Exception):
    """The editor could not be installed; the text says why and what to do next."""


def is_installed() -> bool:
    """Tell whether the pinned version is unpacked, completely, in `vendor/`."""
    try:
        marker = json.loads((VENDOR / MARKER).read_text(encoding="utf-8"))
        return bool(
            marker["integrity"] == INTEGRITY
            and (VENDOR / MAIN_SCRIPT).stat().st_size == marker["main_script_bytes"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def install(progress: Progress) -> None:
    """Fetch, check and unpack the editor; do nothing if it is there already.

    `progress` is called with one short sentence at the start of each step and every few seconds of
    the download. Raises EditorInstallError; `vendor/` is then as it was before.
    """
    if is_installed():
        return
    npm = _npm()
    try:
        with tempfile.TemporaryDirectory(prefix="peekaboo-editor-") as folder:
            archive = _download(npm, Path(folder), progress)
            progress("Checking the Scratch editor")
            _check(archive)
            progress("Unpacking the Scratch editor")
            _unpack_to_vendor(archive)
    except OSError as error:
        raise _disk_error(error) from error
    progress("The Scratch editor is ready")


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise EditorInstallError(
            "The Scratch editor needs Node.js to be fetched, and Node.js is not on this computer. "
            "Install it from https://nodejs.org (the LTS version), then start Peekaboo again. "
            "Everything else works without it."
        )
    return npm


def _download(npm: str, folder: Path, progress: Progress) -> Path:
    """Let npm fetch the package file into `folder`; return its path."""
    log = folder / "npm.log"
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", str(folder)]
    command += ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += ["--no-update-notifier"]
    with log.open("w", encoding="utf-8") as output:
        # Run inside the empty folder: a package.json or .npmrc elsewhere must have no say.
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, progress)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode != 0:
        raise _npm_error(log.read_text(encoding="utf-8", errors="replace"))
    archives = sorted(folder.glob("*.tgz"))
    if len(archives) != 1:
        raise EditorInstallError(
            "npm ended without an error but left no file. Start Peekaboo again to retry."
        )
    return archives[0]


def _wait(process: subprocess.Popen[bytes], progress: Progress) -> None:
    started = time.monotonic()
    while True:
        elapsed_s = time.monotonic() - started
        progress(f"Downloading the Scratch editor (150 MB, only this once): {elapsed_s:.0f} s")
        try:
            process.wait(timeout=3)
            return
        except subprocess.TimeoutExpired:
            if elapsed_s > _DOWNLOAD_LIMIT_S:
                raise EditorInstallError(
                    "Downloading the Scratch editor took more than half an hour and was stopped. "
                    "Start Peekaboo again with a faster connection."
                ) from None


def _npm_error(log: str) -> EditorInstallError:
    """Turn what npm printed into one sentence about the cause and one about the remedy."""
    if re.search(
        r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|"
        r"EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network",
        log,
    ):
        return EditorInstallError(
            "The Scratch editor could not be downloaded: npm does not reach the internet. "
            "Connect this computer, then start Peekaboo again; it is needed only this once."
        )
    if "ENOSPC" in log:
        return EditorInstallError(_DISK_FULL)
    if "EINTEGRITY" in log:
        return EditorInstallError(_BROKEN)
    lines = [line for line in log.splitlines() if "npm error" in line.lower()]
    reason = lines[0] if lines else (log.strip().splitlines() or ["npm said nothing"])[-1]
    return EditorInstallError(
        f"npm could not fetch the Scratch editor ({reason.strip()}). "
        f"Try `npm pack {PACKAGE}@{VERSION}` by hand to see more, then start Peekaboo again."
    )


_DISK_FULL = (
    "The disk is full. The Scratch editor needs about 250 MB while it is set up and 30 MB "
    "afterwards. Make room, then start Peekaboo again."
)
_BROKEN = (
    "The downloaded Scratch editor is not the file that we expect (its checksum differs). "
    "Run `npm cache clean --force`, then start Peekaboo again."
)


def _disk_error(error: OSError) -> EditorInstallError:
    if error.errno == errno.ENOSPC:
        return EditorInstallError(_DISK_FULL)
    return EditorInstallError(
        f"The Scratch editor could not be written to {VENDOR} ({error.strerror or error}). "
        "Close other Peekaboo windows, check that you may write there, then start Peekaboo again."
    )


def _check(archive: Path) -> None:
    digest = hashlib.sha512()
    with archive.open("rb") as file:
        for block in iter(lambda: file.read(2**20), b""):
            digest.update(block)
    if "sha512-" + base64.b64encode(digest.digest()).decode() != INTEGRITY:
        raise EditorInstallError(_BROKEN)


def _unpack_to_vendor(archive: Path) -> None:
    """Unpack beside `vendor/` and swap folders at the end, so that it is never half full."""
    fresh = Path(tempfile.mkdtemp(prefix="vendor-", dir=VENDOR.parent))
    try:
        _unpack(archive, fresh)
        _compress(fresh)
        marker = {
            "package": PACKAGE,
            "version": VERSION,
            "integrity": INTEGRITY,
            "main_script_bytes": (fresh / MAIN_SCRIPT).stat().st_size,
        }
        (fresh / MARKER).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        if VENDOR.exists():
            shutil.rmtree(VENDOR)
        fresh.replace(VENDOR)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _unpack(archive: Path, folder: Path) -> None:
    total = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member, relative in _wanted(tar):
                total += member.size
                if member.size > _MOST_BYTES_PER_FILE or total > _MOST_BYTES:
                    raise EditorInstallError(_BROKEN)
                source = tar.extractfile(member)
                assert source is not None, "regular files always have contents"
                target = folder / relative
                target.parent.mkdir(parents=True, exist_ok=True)
                with source, target.open("wb") as file:
                    shutil.copyfileobj(source, file)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
        raise EditorInstallError(_BROKEN) from error
    if not (folder / MAIN_SCRIPT).is_file():
        raise EditorInstallError(_BROKEN)


def _wanted(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, PurePosixPath]]:
    """Yield the members to keep with their path inside `vendor/`.

    Links and devices are never kept, and the pattern lets no path leave the folder.
    """
    for member in tar:
        match = _WANTED_FILE.fullmatch(member.name)
        if match is None or not member.isreg():
            continue
        relative = PurePosixPath(match["top"] or match["dist"])
        if ".." not in relative.parts and not relative.is_absolute():
            yield member, relative


def _compress(folder: Path) -> None:
    """Write `x.gz` beside each big text file `x`: the server sends it instead, a third the size."""
    for path in sorted(folder.rglob("*")):
        big_text = path.suffix in {".js", ".svg"} and path.stat().st_size > _LEAST_BYTES_TO_COMPRESS
        if big_text:
            packed = gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)
            path.with_name(path.name + ".gz").write_bytes(packed)


def main() -> int:
    """Install from the command line: `python scratch-extension/editor/install.py`."""
    try:
        install(print)
    except EditorInstallError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{PACKAGE} {VERSION} in {os.path.relpath(VENDOR)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
