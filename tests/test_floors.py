"""The house has floors, and imports go downwards only."""

import ast
import re
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[1] / "backend"
CONTRIBUTING = BACKEND.parent / "CONTRIBUTING.md"
FLOORS = {
    "errors": 0,
    "disk": 0,
    "resampling": 0,
    "translation": 0,
    "grid": 0,
    "srgb": 0,
    "picture": 0,
    "turns": 0,
    "classifiers": 1,
    "explanations": 2,
    "drawing": 2,
    "teaching": 2,
    "parade": 2,
    "projects": 2,
    "wire": 3,
    "routes": 3,
    "app": 3,
    "server": 3,
    "bench": 3,
    "notebook": 3,
    "explain_commands": 3,
    "sanity_commands": 3,
    "teach_commands": 3,
    "__main__": 3,
    "__init__": 3,
    "__version__": 0,  # a number in __init__
}
HOMES = {
    "tensorflow": "classifiers parade/training.py teaching/own/training.py "
    "bench/asked.py bench/method_peers.py",
    "tf_keras": "classifiers bench/networks.py bench/peers.py bench/asked.py bench/method_peers.py",
    "keras": "classifiers parade/training.py teaching/own/training.py bench/peers.py",
    "h5py": "classifiers bench/networks.py",
    "ai_edge_litert": "classifiers",
    "skimage": "explanations/xrai.py",
    "pillow_heif": "picture.py",
    "flask": "wire.py routes app.py",
    "flask_cors": "app.py",
    "waitress": "server.py",
}
"""Each framework's only homes."""
MODULES = sorted(path.relative_to(BACKEND) for path in BACKEND.rglob("*.py"))


def floor_of(module: Path) -> int:
    return FLOORS[module.parts[0].removesuffix(".py")]


def imports_of(module: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse((BACKEND / module).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_house_in_the_document_is_this_one():
    rows = re.findall(r"^\| (\d) \| (.+?)(?:: .*)? \|$", CONTRIBUTING.read_text("utf-8"), re.M)
    told = {name: int(floor) for floor, names in rows for name in re.findall("`(.+?)`", names)}
    assert told == {name: FLOORS[name] for name in FLOORS.keys() - {"__init__", "__version__"}}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_go_downwards(module):
    for name in imports_of(module):
        if name.startswith("backend."):
            part = name.split(".")[1]
            assert FLOORS[part] <= floor_of(module), f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_frameworks_stay_at_home(module):
    for name in imports_of(module):
        homes = HOMES.get(name.split(".")[0])
        if homes:
            at_home = any(module.as_posix().startswith(home) for home in homes.split())
            assert at_home, f"{module} imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_files_can_be_read_in_one_sitting(module):
    assert len((BACKEND / module).read_text("utf-8").splitlines()) < 300


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_heavy_frameworks_are_imported_only_when_used(module):
    heavy = {"tensorflow", "tf_keras", "keras", "h5py", "ai_edge_litert"}
    for node in ast.parse((BACKEND / module).read_text("utf-8")).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert not {name.split(".")[0] for name in names} & heavy
