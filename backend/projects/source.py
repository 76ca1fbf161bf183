"""Reads a project source: indented lines, close to how Scratch blocks are written down.

    stage
      variable "how sure" = ""
      backdrop "hello" from "hello.svg"
      backdrops from the parade: 8
      backdrop "park" from the parade
      comment at 20 20, 300 by 120
        Press the green flag!
      script at 20 180
        when flag clicked
        repeat (10)
          next backdrop
    sprite "Square" at 0 0, hidden
      costume "square" from "square.svg"
      costume "wizard" from the parade
    show "how sure" at 5 330

A line that begins with `#` is a remark. Anything that is not understood is an error with the
number of its line; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from backend.projects.words import Call, Names, UnreadableLine, read_block


class ProjectSourceError(ValueError):
    """A project source that cannot be read; the text names the file, the line and the reason."""


@dataclass
class Node:
    """A line and the lines that are indented below it."""

    text: str
    number: int
    children: list[Node] = field(default_factory=list)


@dataclass
class Statement:
    """A block in a script, with the blocks inside its mouth or mouths."""

    call: Call
    body: list[Statement]
    otherwise: list[Statement]


@dataclass
class Script:
    """A stack of blocks and where it lies, in the units of the editor's workspace."""

    x: int
    y: int
    statements: list[Statement]


@dataclass
class Comment:
    """A yellow note in the workspace."""

    x: int
    y: int
    width: int
    height: int
    text: str


@dataclass
class Target:
    """The stage or a sprite.

    `costumes` are names and files, None for the parade's own character or place of that name;
    `parade_backdrops` counts the parade pictures to take.
    """

    name: str
    x: int = 0
    y: int = 0
    visible: bool = True
    costumes: list[tuple[str, str | None]] = field(default_factory=list)
    parade_backdrops: int = 0
    scripts: list[Script] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass
class Monitor:
    """A variable shown on the stage, from its top left corner; a slider if it has a range."""

    variable: str
    x: int
    y: int
    slider: tuple[int, int] | None = None


@dataclass
class Project:
    """Everything that a project source says. Variables and lists are for all sprites."""

    targets: list[Target] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    monitors: list[Monitor] = field(default_factory=list)


def read_project(path: Path) -> Project:
    """Read the project source at `path`. Raises ProjectSourceError."""
    reader = _Reader(path)
    for node in reader.nodes():
        reader.read(node, _TOP_LINES)
    for node, script in reader.scripts:
        script.statements = reader.statements(node.children)
    if not reader.project.targets or reader.project.targets[0].name != "Stage":
        raise ProjectSourceError(f"{path.name}: the stage has to come first")
    return reader.project


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.project = Project()
        # Read at the end, when all variables are known.
        self.scripts: list[tuple[Node, Script]] = []

    def nodes(self) -> list[Node]:
        root = Node("", 0)
        open_nodes = [root]
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            spaces = len(line) - len(line.lstrip(" "))
            depth = spaces // 2
            if spaces % 2 or line[spaces] == "\t" or depth >= len(open_nodes):
                raise self.error(number, "indent by two spaces, one step at a time")
            node = Node(text, number)
            open_nodes[depth].children.append(node)
            open_nodes[depth + 1 :] = [node]
        return root.children

    def error(self, number: int, reason: str) -> ProjectSourceError:
        return ProjectSourceError(f"{self.path.name}, line {number}: {reason}")

    def read(self, node: Node, lines: Lines) -> None:
        for pattern, act in lines:
            match = re.fullmatch(pattern, node.text)
            if match:
                act(self, match, node)
                return
        raise self.error(node.number, f"not understood: {node.text}")

    def statements(self, nodes: list[Node]) -> list[Statement]:
        result: list[Statement] = []
        waiting = list(nodes)
        while waiting:
            node = waiting.pop(0)
            if node.text == "else":
                raise self.error(node.number, "else without if")
            has_else = node.text.startswith("if ") and waiting and waiting[0].text == "else"
            result.append(self.statement(node, waiting.pop(0) if has_else else None))
        return result

    def statement(self, node: Node, otherwise: Node | None) -> Statement:
        try:
            call = read_block(node.text + (" else" if otherwise else ""), self.names())
        except UnreadableLine as error:
            raise self.error(node.number, str(error)) from error
        if node.children and call.block.shape not in ("loop", "if else"):
            raise self.error(node.number, "this block holds no others")
        body = self.statements(node.children)
        return Statement(call, body, self.statements(otherwise.children) if otherwise else [])

    def names(self) -> Names:
        return {"VARIABLE": set(self.project.variables), "LIST": set(self.project.lists)}

    @property
    def target(self) -> Target:
        return self.project.targets[-1]


Lines = list[tuple[str, Callable[[_Reader, "re.Match[str]", Node], None]]]


def _stage(reader: _Reader, _: re.Match[str], node: Node) -> None:
    reader.project.targets.append(Target("Stage"))
    for child in node.children:
        reader.read(child, _STAGE_LINES)


def _sprite(reader: _Reader, match: re.Match[str], node: Node) -> None:
    name, x, y, hidden = match.groups()
    reader.project.targets.append(Target(name, int(x), int(y), visible=hidden is None))
    for child in node.children:
        reader.read(child, _TARGET_LINES)


def _costume(reader: _Reader, match: re.Match[str], _: Node) -> None:
    reader.target.costumes.append((match[1], match[2]))


def _parade(reader: _Reader, match: re.Match[str], _: Node) -> None:
    reader.target.parade_backdrops = int(match[1])


def _variable(reader: _Reader, match: re.Match[str], _: Node) -> None:
    reader.project.variables[match[1]] = match[2]


def _list(reader: _Reader, match: re.Match[str], _: Node) -> None:
    reader.project.lists.append(match[1])


def _comment(reader: _Reader, match: re.Match[str], node: Node) -> None:
    text = "\n".join("" if child.text == "." else child.text for child in node.children)
    x, y, width, height = map(int, match.groups())
    reader.target.comments.append(Comment(x, y, width, height, text))


def _script(reader: _Reader, match: re.Match[str], node: Node) -> None:
    script = Script(int(match[1]), int(match[2]), [])
    reader.target.scripts.append(script)
    reader.scripts.append((node, script))


def _show(reader: _Reader, match: re.Match[str], node: Node) -> None:
    name, x, y, least, most = match.groups()
    if name not in reader.project.variables:
        raise reader.error(node.number, f"no such variable: {name}")
    slider = (int(least), int(most)) if least else None
    reader.project.monitors.append(Monitor(name, int(x), int(y), slider))


_NUMBER = r"(-?\d+)"
_TARGET_LINES: Lines = [
    (r'costume "(.+)" from (?:"(.+)"|the parade)', _costume),
    (rf"comment at {_NUMBER} {_NUMBER}, (\d+) by (\d+)", _comment),
    (rf"script at {_NUMBER} {_NUMBER}", _script),
]
_STAGE_LINES: Lines = [
    *_TARGET_LINES,
    (r'backdrop "(.+)" from (?:"(.+)"|the parade)', _costume),
    (r"backdrops from the parade: (\d+)", _parade),
    (r'variable "(.+)" = "(.*)"', _variable),
    (r'list "(.+)"', _list),
]
_TOP_LINES: Lines = [
    (r"stage", _stage),
    (rf'sprite "(.+)" at {_NUMBER} {_NUMBER}(, hidden)?', _sprite),
    (rf'show "(.+)" at {_NUMBER} {_NUMBER}(?:, {_NUMBER} to {_NUMBER})?', _show),
]
