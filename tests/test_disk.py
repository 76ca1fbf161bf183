"""Files that are there as a whole or not at all, also while others read them."""

from pathlib import Path

import pytest

from backend import disk
from backend.errors import Busy


@pytest.fixture
def read_by_others(monkeypatch):
    """A function that lets Windows refuse to replace files so many times."""
    replace = Path.replace

    def refuse(times: int) -> None:
        left = [times]

        def refusing(draft, path):
            left[0] -= 1
            if left[0] >= 0:
                raise PermissionError(13, "Access is denied")
            return replace(draft, path)

        monkeypatch.setattr(Path, "replace", refusing)

    monkeypatch.setattr(disk, "PAUSES_S", (0.0, 0.0, 0.0))
    return refuse


@pytest.mark.parametrize("times", [0, 1, 3])
def test_what_others_are_reading_is_replaced_a_moment_later(tmp_path, read_by_others, times):
    file = tmp_path / "job.json"
    file.write_bytes(b"old")
    read_by_others(times)
    disk.put(file, b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"job.json": b"new"}


def test_what_may_never_be_replaced_stays_as_a_whole(tmp_path, read_by_others):
    file = tmp_path / "job.json"
    file.write_bytes(b"old")
    read_by_others(1000)
    with pytest.raises(Busy) as caught:
        disk.put(file, b"new")
    assert caught.value.code == "cannot_write"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"job.json": b"old"}
