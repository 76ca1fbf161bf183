"""Results as text that reads well both at a terminal and as Markdown."""

from collections.abc import Iterable
from typing import Any

NUMBERS = "## The numbers"


def as_markdown(results: dict[str, Any]) -> str:
    """All tables."""
    sections = [
        ("", [where(results)]),
        ("Side by side", _side_by_side(results)),
        ("What was to be reached", _targets(results["targets"])),
        ("Cost of squares", _squares(results["squares"])),
        ("Cost of larger pictures", _sizes(results["picture_sizes"])),
        ("A whole class at once", _clients(results["clients"])),
        ("Live in the Scratch editor", _live(results["live"])),
        ("Start and memory", _start(results)),
    ]
    return together(sections)


def together(sections: Iterable[tuple[str, list[str]]]) -> str:
    """Lines under their titles; those without one stand alone."""
    text = ""
    for title, lines in sections:
        text += (f"### {title}\n\n" if title else "") + "\n".join(lines) + "\n\n"
    return text.rstrip() + "\n"


def with_numbers(document: str, numbers: str) -> str:
    """A document with the numbers under its last heading, `NUMBERS`, put in anew.

    Raises:
        ValueError: it has no such heading.
    """
    before = document[: document.index(NUMBERS) + len(NUMBERS)]
    return f"{before}\n\n{numbers}"


def where(results: dict[str, Any]) -> str:
    """When and on what it was measured."""
    machine = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    return (
        f"{results['date']}, {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, {machine['system']}. "
        f"Load before {_load(machine['load_before'])}, after {_load(machine['load_after'])} "
        f"(1, 5, 15 minutes). {versions}."
    )


def _side_by_side(results: dict[str, Any]) -> list[str]:
    rows = []
    ours = next(row for row in results["table"] if row["name"] == "in_process").get("median_ms")
    for row in results["table"]:
        if "reason" in row:
            rows.append([row["title"], row["reason"], "", "", "", "", ""])
            continue
        times = f"{row['median_ms'] / ours:.1f}" if ours else ""
        processor = _ms(row["processor_ms"]) if "processor_ms" in row else ""
        rows.append([row["title"], *timing(row), processor, times])
    head = ["", "median ms", "quartiles", "fastest", "repetitions", "processor ms"]
    return [*table([*head, "times the first row"], rows), *_stages(results["table"])]


def _stages(measured: list[dict[str, Any]]) -> list[str]:
    """Where the server spent its time, in medians; waiting and sending come on top."""
    rows = [row for row in measured if row.get("stages_ms")]
    if not rows:
        return []
    stages = list(dict.fromkeys(stage for row in rows for stage in row["stages_ms"]))
    lines = [
        [row["title"], *(_ms(row["stages_ms"].get(stage, 0.0)) for stage in stages)] for row in rows
    ]
    return ["", *table(["in the server, ms", *stages], lines)]


def _targets(targets: list[dict[str, Any]]) -> list[str]:
    words = {True: "reached", False: "**not reached**", None: "not measured"}
    rows = []
    for one in targets:
        limit = f"≤ {one['at_most']:g}" if "at_most" in one else f"≥ {one['at_least']:g}"
        measured = "" if one["measured"] is None else f"{one['measured']:.1f}"
        processor = f"{one['by_processor']:.1f}" if one.get("by_processor") else ""
        rows.append([one["what"], limit, measured, words[one["reached"]], processor])
    if not rows:
        return ["A quick run judges nothing."]
    return table(["", "wanted", "measured", "", "by processor time"], rows)


def _squares(grids: list[dict[str, Any]]) -> list[str]:
    rows = []
    for one in grids:
        quick, whole = one["incremental"]["median_ms"], one["whole"]["median_ms"]
        each = f"{quick / one['squares']:.3f}"
        shape = f"{one['rows']} × {one['columns']}"
        rows.append(
            [shape, str(one["squares"]), _ms(quick), each, _ms(whole), f"{whole / quick:.1f}"]
        )
    head = ["grid", "squares", "ms", "ms each", "ms, whole network each", "times faster"]
    return table(head, rows)


def _sizes(sizes: list[dict[str, Any]]) -> list[str]:
    rows = [[f"{one['width_px']} × {one['height_px']}", *timing(one)] for one in sizes]
    return table(["picture, px", "median ms", "quartiles", "fastest", "repetitions"], rows)


def _clients(crowds: list[dict[str, Any]]) -> list[str]:
    keys = ("maps_per_s", "median_ms", "p95_ms", "first_squares_median_ms", "first_squares_p95_ms")
    rows = []
    for one in crowds:
        numbers = [_ms(one[key]) if key in one else one["reason"] for key in keys]
        outcomes = f"{one['answered']} / {one['busy']} / {one['failed']}"
        rows.append([str(one["clients"]), *numbers, outcomes])
    head = ["clients", "maps/s", "median ms", "95 % ms", "first squares ms", "95 % ms"]
    return table([*head, "answered / busy / failed"], rows)


def _live(counted: dict[str, Any]) -> list[str]:
    if "reason" in counted:
        return [counted["reason"]]
    names = {
        "maps": "maps per second",
        "frames": "frames per second meanwhile",
        "frames_without": "frames per second without maps",
    }
    return table(["", ""], [[name, _ms(counted[key])] for key, name in names.items()])


def _start(results: dict[str, Any]) -> list[str]:
    memory = results["memory"]
    rows = [["start to ready, ms", _ms(results["start"]["median_ms"])]]
    names = {
        "rest_mb": "memory at rest, MB",
        "after_first_sweep_mb": "memory after the first sweep, MB",
        "most_mb": "most memory, all crowds, MB",
    }
    for key, name in names.items():
        rows.append([name, _ms(memory[key]) if key in memory else memory["reason"]])
    rows.append(["adding the classifier, s", f"{results['classifier']['adding_s']:.1f}"])
    return table(["", ""], rows)


def timing(one: dict[str, Any]) -> list[str]:
    """Cells: median, quartiles, fastest, repetitions."""
    low, high = one["quartiles_ms"]
    spread = f"{_ms(low)} – {_ms(high)}"
    return [_ms(one["median_ms"]), spread, _ms(one["fastest_ms"]), str(one["repetitions"])]


def _ms(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _load(load: list[float] | str) -> str:
    return load if isinstance(load, str) else " ".join(f"{one:.1f}" for one in load)


def table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    rows = [head, *rows]
    widths = [max(3, *(len(row[place]) for row in rows)) for place in range(len(head))]

    def line(cells: list[str]) -> str:
        first = cells[0].ljust(widths[0])
        return (
            "| "
            + " | ".join([first, *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))])
            + " |"
        )

    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [line(rows[0]), line(marks), *(line(row) for row in rows[1:])]
