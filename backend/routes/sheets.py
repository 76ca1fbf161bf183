"""Turns the Markdown of a worksheet into a page that can be filled in, on screen or on paper."""

import html
import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from backend.translation import Say

ROWS, COLUMNS = 6, 8
"""The grid of the stage, as everywhere in Peekaboo unless somebody chooses another."""


def split_facts(source: str) -> tuple[dict[str, str], str]:
    """Return the facts at the head of a sheet (`name: value` between `---` lines) and the rest."""
    match = re.match(r"---\n(.*?)\n---\n", source, re.DOTALL)
    if match is None:
        return {}, source
    facts = dict(line.split(": ", 1) for line in match[1].splitlines())
    return facts, source[match.end() :]


def render(text: str, say: Say) -> Markup:
    """Return the HTML of a sheet, with what is said beside its text in the language of `say`.

    Besides Markdown with tables there are three kinds of fences: `blocks NAME` is Scratch code,
    shown as `pictures/NAME.svg`; `squares` is a grid to mark, over the picture that the fence
    names, or empty; `lines N` are lines to write on. Empty table cells and `____` can be written
    into, `- [ ]` makes a box to tick, `## 1. Words` a numbered step, and `---` begins a new sheet
    of paper.
    """
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    markdown.add_render_rule("fence", _render_fence)
    page: str = markdown.render(text, {"say": say})
    for pattern, replacement in FILLED_IN:
        page = re.sub(pattern, replacement, page, flags=re.DOTALL)
    write_here = html.escape(say("Write here"))
    field = f'<input class="write" aria-label="{write_here}" autocomplete="off">'
    return Markup(page.replace("<input>", field))


FILLED_IN = (
    (r"<td></td>", "<td><input></td>"),
    (r"_{4,}", "<input>"),
    (r"<li>\[ \] (.*?)</li>", r'<li><label><input type="checkbox"> <span>\1</span></label></li>'),
    (r"<ul>(\s*<li><label>)", r'<ul class="ticks">\1'),
    (r"<h2>(\d+)\. ", r'<h2><span class="step">\1</span> '),
    (r"<p>(<img [^>]*>)</p>", r'<p class="picture">\1</p>'),
)
"""What stands in the HTML after Markdown, and what it becomes."""


def _render_fence(
    _renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any
) -> str:
    say: Say = env["say"]
    kind, _space, setting = tokens[index].info.strip().partition(" ")
    body = tokens[index].content.strip()
    if kind == "blocks":
        lines = "; ".join(map(str.strip, body.splitlines()))
        alternative = html.escape(f"{say('Blocks:')} {lines}")
        image = f'<img src="pictures/{setting}.svg" alt="{alternative}">'
        return f'<p class="picture blocks">{image}</p>\n'
    if kind == "squares":
        return _squares(body, say)
    if kind == "lines":
        lines = "<i></i>" * int(setting)
        area = f'<textarea aria-label="{html.escape(say("Write here"))}"></textarea>'
        return f'<div class="lines">{lines}{area}</div>\n'
    return f"<pre><code>{html.escape(body)}</code></pre>\n"


def _squares(picture: str, say: Say) -> str:
    alternative = html.escape(say("The picture to look at"))
    image = f'<img src="{html.escape(picture)}" alt="{alternative}">' if picture else ""
    columns = "".join(f"<b>{column}</b>" for column in range(1, COLUMNS + 1))
    rows = "".join(f"<b>{row}</b>" for row in range(1, ROWS + 1))
    place = html.escape(say("row {row}, column {column}"))
    squares = "".join(
        f'<label><input type="checkbox" aria-label="{place.format(row=row, column=column)}">'
        f"<span>{(row - 1) * COLUMNS + column}</span></label>"
        for row in range(1, ROWS + 1)
        for column in range(1, COLUMNS + 1)
    )
    group = html.escape(say("{rows} rows of {columns} squares to mark"))
    group = group.format(rows=ROWS, columns=COLUMNS)
    return (
        f'<div class="squares{" empty" if not picture else ""}" role="group" aria-label="{group}">'
        f'<p class="columns" aria-hidden="true">{columns}</p>'
        f'<p class="rows" aria-hidden="true">{rows}</p>'
        f'<div class="board">{image}<div class="marks">{squares}</div></div></div>\n'
    )
