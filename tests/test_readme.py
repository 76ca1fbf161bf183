"""Every command of the README works, and everything that it names is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, free_port, running_server

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("home")) as (address, _):
        yield address


@pytest.fixture(scope="module", autouse=True)
def pictures():
    """What the first of the commands makes, so that each can also be tested alone."""
    subprocess.run(
        [sys.executable, "-m", "backend.parade", "pictures", "build/parade"], cwd=ROOT, check=True
    )


def test_there_are_commands_to_test():
    assert sum("curl" in command for command in COMMANDS) == 3
    assert sum("-m backend" in command for command in COMMANDS) == 3


@pytest.mark.parametrize("command", [one for one in COMMANDS if "run.py" not in one])
def test_commands(command, server):
    command = command.replace("http://localhost:8000", server)
    command = command.replace(".venv/bin/python", sys.executable)
    if command.startswith("curl"):
        command = command.replace("curl", "curl --silent --show-error --fail", 1)
    done = subprocess.run(
        command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    if "relevance" in command and "-o" not in command:
        assert '"most_relevant"' in done.stdout


def test_the_first_command_starts_peekaboo():
    """As set up by the second command, which is what runs these tests."""
    assert "python3 run.py" in COMMANDS and "python3 run.py test" in COMMANDS
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "run.py", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(f"Peekaboo is ready at http://localhost:{port}/" in line for line in lines)
    finally:
        process.terminate()
        process.wait(10)


def test_links_to_files_lead_somewhere():
    for document in ROOT.glob("*.md"):
        text = document.read_text("utf-8")
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not target.startswith("http"):
                assert (ROOT / target).exists(), f"{document.name} links to {target}"


def test_links_to_peekaboo_answer(server):
    from urllib.request import urlopen

    for path in sorted(set(re.findall(r"<http://localhost:8000(/[^>]*)>", README))):
        with urlopen(server + path) as response:
            assert response.status == 200


def test_every_folder_at_the_top_is_explained():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    folders = {Path(name).parts[0] for name in tracked.splitlines() if "/" in name}
    for folder in folders - {".ci"}:
        assert f"`{folder}/`" in README
