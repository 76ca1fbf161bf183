"""Fetching the editor: with an npm of our own in the path that plays what can happen."""

import base64
import gzip
import hashlib
import io
import json
import os
import stat
import sys
import tarfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for npm is a script")

WANTED = {
    "package/LICENSE": b"licence",
    "package/TRADEMARK": b"marks",
    "package/dist/scratch-gui-standalone.js": b"let editor = 1;\n" * 5000,
    "package/dist/extension-worker.js": b"worker",
    "package/dist/chunks/540.abc.js": b"chunk",
    "package/dist/static/blocks-media/default/icons/set-size.svg": b"icon",
    "package/dist/static/assets/music.123.png": b"music",
}
NOT_WANTED = {
    "package/dist/scratch-gui-standalone.js.map": b"map",
    "package/dist/chunks/ar-steps.1.js": b"tutorial",
    "package/dist/static/assets/pong-add-line.RTL.1.gif": b"tutorial",
    "package/dist/static/blocks-media/../../../../outside.js": b"escape",
    "/package/LICENSE": b"escape",
    "package/src/index.js": b"source",
}


def make_archive(path: Path, files: dict[str, bytes], link: bool = True) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, contents in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(contents)
            archive.addfile(entry, io.BytesIO(contents))
        if link:
            entry = tarfile.TarInfo("package/dist/static/blocks-media/link.svg")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)


def integrity(path: Path) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


@pytest.fixture
def editor(install, tmp_path, monkeypatch):
    """The installer with a folder of its own, and an npm that copies a small archive."""
    archive = tmp_path / "small.tgz"
    make_archive(archive, WANTED | NOT_WANTED)
    (tmp_path / "editor").mkdir()
    monkeypatch.setattr(install, "VENDOR", tmp_path / "editor" / "vendor")
    monkeypatch.setattr(install, "INTEGRITY", integrity(archive))
    put_npm(tmp_path, monkeypatch, f'cp "{archive}" "$4/package.tgz"')
    return install


def put_npm(folder: Path, monkeypatch, what_it_does: str) -> Path:
    """Put a program `npm` first in the path; it also notes how it was called."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    npm = programs / "npm"
    npm.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/calls"\n{what_it_does}\n')
    npm.chmod(npm.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return npm


def installed_files(editor) -> set[str]:
    vendor = editor.VENDOR
    return {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}


def test_only_what_is_needed_is_unpacked_and_never_outside(editor, tmp_path) -> None:
    assert not editor.is_installed()
    steps: list[str] = []
    editor.install(steps.append)
    assert editor.is_installed()
    assert installed_files(editor) == {
        "LICENSE",
        "TRADEMARK",
        "scratch-gui-standalone.js",
        "scratch-gui-standalone.js.gz",
        "extension-worker.js",
        "chunks/540.abc.js",
        "static/blocks-media/default/icons/set-size.svg",
        "static/assets/music.123.png",
        "installed.json",
    }
    assert list((tmp_path / "editor").iterdir()) == [editor.VENDOR]
    packed = (editor.VENDOR / "scratch-gui-standalone.js.gz").read_bytes()
    assert gzip.decompress(packed) == WANTED["package/dist/scratch-gui-standalone.js"]
    assert "Downloading" in steps[0]
    assert "ready" in steps[-1]


def test_the_pinned_version_is_asked_for_once(editor, tmp_path) -> None:
    editor.install(lambda step: None)
    editor.install(lambda step: pytest.fail("there was nothing to do"))
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 1
    assert calls[0].startswith("pack @scratch/scratch-gui@15.2.0 ")
    assert "--ignore-scripts" in calls[0]


def test_an_older_or_damaged_editor_is_replaced(editor) -> None:
    editor.install(lambda step: None)
    (editor.VENDOR / "scratch-gui-standalone.js").write_bytes(b"cut off")
    assert not editor.is_installed()
    (editor.VENDOR / "from-the-old-version.js").write_bytes(b"old")
    editor.install(lambda step: None)
    assert editor.is_installed()
    assert "from-the-old-version.js" not in installed_files(editor)

    marker = editor.VENDOR / "installed.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"integrity": "sha512-older"}))
    assert not editor.is_installed()


def assert_fails(editor, words: str) -> None:
    with pytest.raises(editor.EditorInstallError, match=words) as caught:
        editor.install(lambda step: None)
    assert "start Peekaboo again" in str(caught.value) or "by hand" in str(caught.value)
    assert not editor.is_installed()
    assert list(editor.VENDOR.parent.iterdir()) == [], "something half done is left"


def test_without_node(editor, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert_fails(editor, "needs Node.js.*https://nodejs.org")


@pytest.mark.parametrize("code", ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT"])
def test_without_network(editor, monkeypatch, tmp_path, code) -> None:
    put_npm(tmp_path, monkeypatch, f"echo npm error code {code} >&2; exit 1")
    assert_fails(editor, "does not reach the internet")


def test_a_full_disk(editor, monkeypatch, tmp_path) -> None:
    put_npm(tmp_path, monkeypatch, "echo npm error code ENOSPC >&2; exit 1")
    assert_fails(editor, "disk is full")


def test_another_trouble_of_npm_is_passed_on(editor, monkeypatch, tmp_path) -> None:
    put_npm(tmp_path, monkeypatch, "echo 'npm error code E418 teapot' >&2; exit 1")
    assert_fails(editor, "E418 teapot")


def test_a_file_that_is_not_the_known_one(editor, monkeypatch, tmp_path) -> None:
    other = tmp_path / "other.tgz"
    make_archive(other, WANTED | {"package/dist/chunks/evil.js": b"alert(1)"})
    put_npm(tmp_path, monkeypatch, f'cp "{other}" "$4/package.tgz"')
    assert_fails(editor, "not the file that we expect")


def test_a_known_file_that_lacks_the_editor(editor, monkeypatch, tmp_path) -> None:
    other = tmp_path / "other.tgz"
    make_archive(other, {"package/LICENSE": b"licence"})
    monkeypatch.setattr(editor, "INTEGRITY", integrity(other))
    put_npm(tmp_path, monkeypatch, f'cp "{other}" "$4/package.tgz"')
    assert_fails(editor, "not the file that we expect")


def test_a_damaged_archive(editor, monkeypatch, tmp_path) -> None:
    other = tmp_path / "other.tgz"
    other.write_bytes((tmp_path / "small.tgz").read_bytes()[:400])
    monkeypatch.setattr(editor, "INTEGRITY", integrity(other))
    put_npm(tmp_path, monkeypatch, f'cp "{other}" "$4/package.tgz"')
    assert_fails(editor, "not the file that we expect")


def test_a_folder_that_cannot_be_written(editor, monkeypatch) -> None:
    monkeypatch.setattr(editor, "VENDOR", Path("/proc/nowhere/vendor"))
    with pytest.raises(editor.EditorInstallError, match="could not be written"):
        editor.install(lambda step: None)


def test_it_needs_the_standard_library_only(install) -> None:
    lines = Path(install.__file__).read_text(encoding="utf-8").splitlines()
    imported = {
        line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
