"""Reading project sources, and where they say that something is wrong."""

import pytest

from backend.projects.source import ProjectSourceError, read_project


@pytest.fixture
def read(tmp_path):
    """A function that reads a project source given as text."""

    def read_text(text: str):
        path = tmp_path / "little.scratch"
        path.write_text(text, encoding="utf-8")
        return read_project(path)

    return read_text


LITTLE = """
# A remark.
stage
  variable "n" = "1"
  list "all"
  backdrop "one" from "one.svg"
  comment at 10 20, 300 by 40
    Hello!
    .
    Bye!
  script at 5 6
    when flag clicked
    repeat (3)
      change [n v] by (1)
      if <(n) = [2]> then
        show
      else
        hide
    next backdrop

sprite "Cat" at -10 20, hidden
  costume "cat" from "cat.svg"

show "n" at 5 330
show "n" at 5 100, 1 to 20
"""


def test_everything_that_a_source_can_say(read) -> None:
    project = read(LITTLE)
    stage, cat = project.targets
    assert (stage.name, cat.name, cat.x, cat.y, cat.visible) == ("Stage", "Cat", -10, 20, False)
    assert project.variables == {"n": "1"}
    assert project.lists == ["all"]
    assert stage.costumes == [("one", "one.svg")]
    [comment] = stage.comments
    assert (comment.x, comment.y, comment.width, comment.height) == (10, 20, 300, 40)
    assert comment.text == "Hello!\n\nBye!"
    assert [monitor.slider for monitor in project.monitors] == [None, (1, 20)]

    [script] = stage.scripts
    assert (script.x, script.y) == (5, 6)
    opcodes = [statement.call.block.opcode for statement in script.statements]
    assert opcodes == ["event_whenflagclicked", "control_repeat", "looks_nextbackdrop"]
    change, condition = script.statements[1].body
    assert change.call.block.opcode == "data_changevariableby"
    assert condition.call.block.opcode == "control_if_else"
    assert [inner.call.block.opcode for inner in condition.body] == ["looks_show"]
    assert [inner.call.block.opcode for inner in condition.otherwise] == ["looks_hide"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("stage\n  script at 1 2\n    fly away", "line 3: no such block: fly away"),
        ("stage\n  paint it black", "line 2: not understood"),
        ('stage\n   list "x"', "line 2: indent by two spaces"),
        ('stage\n      list "x"', "line 2: indent by two spaces"),
        ('stage\n\tlist "x"', "line 2: indent by two spaces"),
        ("stage\n  script at 1 2\n    show\n      hide", "line 3: this block holds no others"),
        ("stage\n  script at 1 2\n    show\n    else", "line 4: else without if"),
        ('stage\nshow "n" at 1 2', "line 2: no such variable"),
        ('sprite "Cat" at 0 0', "the stage has to come first"),
        ("", "the stage has to come first"),
    ],
)
def test_mistakes_are_told_with_their_line(read, text: str, reason: str) -> None:
    with pytest.raises(ProjectSourceError, match=f"little.scratch.*{reason}"):
        read(text)
