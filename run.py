#!/usr/bin/env python3
"""Set Peekaboo up and start it: `python3 run.py`; set up and test it: `python3 run.py test`.

Only the standard library, because this runs before anything is installed. Every step
leaves a mark when it is done, so that the next run starts where this one stopped.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "scratch-extension" / "editor"))
import install as editor  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BUILD = ROOT / "build"
OLDEST, NEWEST = (3, 10), (3, 13)
DEBIAN_PACKAGES = ["chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"]
MOST_TEST_WORKERS = 4
STILL_WORKING_S = 15


class SetupError(Exception):
    """A step that failed, with what to do next."""


def main() -> int:
    """Set up what is missing, then start the server or run the tests."""
    chosen = _parser().parse_args()
    try:
        _check_python()
        if chosen.action == "test":
            _set_up_tests()
            return _test(chosen.only)
        _set_up()
        if chosen.setup_only:
            print("Peekaboo is set up. Start it with: " + _start_command())
            return 0
        return _serve(chosen.port, chosen.no_browser)
    except SetupError as problem:
        print(f"\n{problem}\nThen run the same command again: it goes on from here.")
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "action",
        nargs="?",
        choices=["start", "test"],
        default="start",
        help="start: set up what is missing, and open Peekaboo in the browser (this is what "
        "happens without a word); test: set up and run all checks",
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")
    parser.add_argument("--setup-only", action="store_true", help="set up, but do not start")
    parser.add_argument("--only", default="", help="test: pass this on to pytest")
    return parser


def _check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            f"Peekaboo runs on Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}; "
            f"this is Python {sys.version_info[0]}.{sys.version_info[1]}.\n"
            "Install Python 3.12 from https://www.python.org/downloads/."
        )


def _set_up() -> None:
    _make_environment("requirements.txt")
    if editor.is_installed():
        return
    print("Getting the Scratch editor …", flush=True)
    try:
        editor.install(lambda text: print("  " + text, flush=True))
    except editor.EditorInstallError as problem:
        # Everything else works without it, and /editor shows another way.
        print(f"  The Scratch editor is not here yet. {problem}", flush=True)


def _make_environment(requirements: str) -> None:
    wanted = "".join(
        (ROOT / name).read_text("utf-8") for name in ("requirements.txt", requirements)
    )
    mark = VENV / f".{requirements}.done"
    digest = hashlib.sha256(wanted.encode()).hexdigest()
    if mark.exists() and mark.read_text() == digest and PYTHON.exists():
        return
    if not PYTHON.exists() or not _works([str(PYTHON), "-m", "pip", "--version"]):
        _make_venv()
    _run(
        [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-r", requirements],
        "Getting the Python packages (about 700 MB; this takes some minutes the first time)",
        "The Python packages could not be installed. Is this computer online, and is there "
        "about 3 GB of free disk space?",
    )
    mark.write_text(digest)


def _make_venv() -> None:
    print("Making a place for Python packages …", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, OSError) as problem:
        raise SetupError(
            f"A virtual environment could not be made in {VENV} ({problem}).\n"
            "On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere: is the disk full?"
        ) from problem


def _run(command: list[str], purpose: str, remedy: str) -> None:
    """Run one long step, saying now and then that it is still going on."""
    print(purpose + " …", flush=True)
    BUILD.mkdir(exist_ok=True)
    log_path = BUILD / "setup.log"
    with log_path.open("wb") as log:
        start = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            while True:
                try:
                    status = process.wait(STILL_WORKING_S)
                    break
                except subprocess.TimeoutExpired:
                    print(f"  still working, {time.monotonic() - start:.0f} s …", flush=True)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
    if status != 0:
        last = log_path.read_text("utf-8", "replace").strip().splitlines()[-5:]
        raise SetupError("\n".join(last) + f"\n{remedy}\nAll details are in {log_path}.")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _serve(port: int, no_browser: bool) -> int:
    command = [str(PYTHON), "-m", "backend", "serve", "--port", str(port)]
    if no_browser:
        command.append("--no-browser")
    if os.name != "nt":
        # Become the server, so that whoever started this process can stop it.
        os.chdir(ROOT)
        os.execv(command[0], command)
    return subprocess.call(command, cwd=ROOT)


def _start_command() -> str:
    return "py run.py" if os.name == "nt" else "python3 run.py"


def _set_up_tests() -> None:
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _install_debian_packages()
    _set_up()
    _make_environment("requirements-dev.txt")
    npm = shutil.which("npm")
    lock = ROOT / "package-lock.json"
    mark = ROOT / "node_modules" / ".done"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if npm is None:
        _optional("Node is not installed: the JavaScript checks and tests are left out.")
    elif not (mark.exists() and mark.read_text() == digest):
        _run(
            [npm, "ci", "--no-audit", "--no-fund"],
            "Getting the JavaScript tools",
            "The JavaScript tools could not be installed. Is this computer online?",
        )
        mark.write_text(digest)


def _install_debian_packages() -> None:
    def missing(package: str) -> bool:
        return not _works(["dpkg", "-s", package])

    wanted = [package for package in DEBIAN_PACKAGES if missing(package)]
    if shutil.which("npm") is None:
        wanted += ["nodejs", "npm"]
    if importlib.util.find_spec("ensurepip") is None:
        wanted.append("python3-venv")
    if not wanted:
        return
    remedy = "Debian's packages could not be installed. Is this computer online?"
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    _run(["apt-get", "update"], "Looking for Debian's packages", remedy)
    _run(
        ["apt-get", "install", "-y", "--no-install-recommends", *wanted],
        "Getting from Debian: " + ", ".join(wanted),
        remedy,
    )


def _optional(message: str) -> None:
    if os.environ.get("CI") == "true":
        raise SetupError(message)
    print("  " + message, flush=True)


def _test(only: str) -> int:
    """Run every check; all of them, even if an early one fails."""
    checks = [
        ("format", [str(PYTHON), "-m", "ruff", "format", "--check", "."]),
        ("lint", [str(PYTHON), "-m", "ruff", "check", "."]),
        ("types", [str(PYTHON), "-m", "mypy"]),
    ]
    npm = shutil.which("npm")
    if npm:
        checks.append(("JavaScript", [npm, "run", "--silent", "check"]))
    failed = [] if only else [name for name, command in checks if not _passes(name, command)]
    if failed:
        print("\nThese checks failed: " + ", ".join(failed) + ". Now the tests:", flush=True)
    # Whole files to each process, as what a file's tests share is made once, in the order that
    # `tests/conftest.py` chooses; one more than there are cores, as browsers are waited for; only
    # a few, as each may have TensorFlow open.
    workers = str(min(MOST_TEST_WORKERS, 1 + (os.cpu_count() or 1)))
    spread = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder"]
    pytest = [str(PYTHON), "-m", "pytest", *(only.split() if only else spread)]
    status = subprocess.call(pytest, cwd=ROOT)
    return status or (1 if failed else 0)


def _passes(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    return subprocess.call(command, cwd=ROOT) == 0


if __name__ == "__main__":
    sys.exit(main())
