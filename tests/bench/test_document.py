"""What docs/speed.md says about the command is so."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from backend.bench.tables import NUMBERS, with_numbers
from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "speed.md").read_text("utf-8")


def test_every_option_exists():
    named = set(re.findall(r"(?<=[` ])--?[a-z][a-z-]*", DOCUMENT))
    command = [sys.executable, "-m", "backend", "bench", "--help"]
    known = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"--setup-peers", "--quick", "--model", "-o"} <= named
    # `-m` belongs to Python.
    assert {option for option in named - {"-m"} if f"{option} " not in known} == set()


def test_its_pictures_and_links_are_there():
    links = re.findall(r"\]\(([^)#:]+)\)", DOCUMENT)
    assert "speed.svg" in links
    assert all((ROOT / "docs" / link).exists() for link in links)
    assert ElementTree.parse(ROOT / "docs" / "speed.svg").getroot().tag.endswith("svg")


def test_numbers_replace_those_under_the_last_heading():
    written = with_numbers(f"Prose.\n\n{NUMBERS}\n\nold\n", "new\n")
    assert written == f"Prose.\n\n{NUMBERS}\n\nnew\n"
    with pytest.raises(ValueError):
        with_numbers("Prose.", "new")
    assert DOCUMENT.count(NUMBERS) == 1
