"""The lessons of this checkout, and the application that shows them."""

import re
from pathlib import Path

import pytest

from backend.app import create_app
from backend.classifiers.store import Store

LESSONS = Path(__file__).parents[2] / "lessons"
FOLDERS = sorted(path.parent for path in LESSONS.glob("*/worksheet.md"))
SHEETS = sorted(sheet for folder in FOLDERS for sheet in folder.glob("*.md"))
FENCE = re.compile(r"^```blocks (\S+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def address(sheet: Path) -> str:
    return f"/lessons/{sheet.parent.name}/{sheet.stem}"


def fences(folder: Path) -> dict[str, str]:
    """The blocks in a lesson's sheets: name → code."""
    return dict(
        found for sheet in folder.glob("*.md") for found in FENCE.findall(sheet.read_text("utf-8"))
    )


def section(sheet: Path, title: str) -> str:
    """The words under a heading of a sheet, up to the next heading."""
    text = sheet.read_text("utf-8")
    found = re.search(rf"^##+ {re.escape(title)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"{sheet.parent.name}/{sheet.name} has no section “{title}”"
    return found[1]


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    return create_app(Store(tmp_path_factory.mktemp("home"))).test_client()
