"""The lessons of this checkout, and the application that shows them."""

import re
from pathlib import Path

import pytest

from backend.app import create_app
from backend.classifiers.store import Store
from backend.translation import ENGLISH, LANGUAGES

LESSONS = Path(__file__).parents[2] / "lessons"
FOLDERS = sorted(path.parent for path in LESSONS.glob("*/worksheet.md"))
TRANSLATIONS = [folder / code for folder in FOLDERS for code in LANGUAGES if code != ENGLISH]
EDITIONS = [*FOLDERS, *TRANSLATIONS]
"""Every lesson in every language: the folder with its sheets."""
SHEETS = [folder / f"{name}.md" for folder in EDITIONS for name in ("worksheet", "teacher")]
FENCE = re.compile(r"^```blocks (\S+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def language_of(folder: Path) -> str:
    """The language of an edition, or of what lies in it."""
    return ENGLISH if folder in FOLDERS else folder.name


def lesson_of(folder: Path) -> Path:
    """The lesson that an edition is of."""
    return folder if folder in FOLDERS else folder.parent


def name_of(path: Path) -> str:
    """An edition or a sheet, as tests are called."""
    return str(path.relative_to(LESSONS).with_suffix(""))


def address(sheet: Path) -> str:
    language, name = language_of(sheet.parent), lesson_of(sheet.parent).name
    return f"/lessons/{'' if language == ENGLISH else language + '/'}{name}/{sheet.stem}"


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
