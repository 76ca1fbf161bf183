"""What was measured about methods, as text that reads well at a terminal and as Markdown."""

from typing import Any

from backend.bench.tables import table, timing, where

MARKS = "<!-- speed table -->\n", "<!-- end of speed table -->\n"
COMMAND = "python -m backend bench --methods --document"
_WORDS = {True: "reached", False: "**not reached**", None: ""}


def as_markdown(results: dict[str, Any]) -> str:
    """The table: each method of ours above those of others, and what was to be reached."""
    rows = []
    for match in results["methods"]:
        best = _best(match)
        rows.append([f"**{match['title']}**", *_numbers(match["ours"]), "", _verdict(match, best)])
        for peer in match["peers"]:
            ratio = _ratio(peer, match["ours"])
            times = f"{ratio:.1f}" if ratio else ""
            rows.append([peer["title"], *_numbers(peer), times, ""])
    head = ["", "median ms", "quartiles", "fastest", "repetitions", "processor ms"]
    lines = table([*head, "times ours", "wanted"], rows)
    return f"{where(results)}\nMade with `{COMMAND}`.\n\n" + "\n".join(lines) + "\n"


def with_table(document: str, made: str) -> str:
    """A document with the table between its marks put in anew.

    Raises:
        ValueError: it has no such marks.
    """
    start = document.index(MARKS[0]) + len(MARKS[0])
    return document[:start] + made + document[document.index(MARKS[1]) :]


def reached(match: dict[str, Any]) -> bool | None:
    """Whether a method is as fast as it should be; None where that cannot be said."""
    ours, best = match["ours"].get("median_ms"), _best(match)
    if match["at_most_ms"] and ours:
        return ours <= match["at_most_ms"]
    return best >= match["at_least"] if match["at_least"] and best else None


def _best(match: dict[str, Any]) -> float | None:
    """How many times as long as ours the quickest of the others takes."""
    ratios = [ratio for peer in match["peers"] if (ratio := _ratio(peer, match["ours"]))]
    return min(ratios, default=None)


def _ratio(peer: dict[str, Any], ours: dict[str, Any]) -> float | None:
    if "median_ms" not in peer or "median_ms" not in ours:
        return None
    return peer["median_ms"] / ours["median_ms"]


def _verdict(match: dict[str, Any], best: float | None) -> str:
    if match["at_most_ms"]:
        return f"≤ {match['at_most_ms']:g} ms: {_WORDS[reached(match)]}"
    if match["at_least"] and best:
        return f"≥ {match['at_least']:g} times: {best:.1f}, {_WORDS[reached(match)]}"
    return f"≥ {match['at_least']:g} times" if match["at_least"] else ""


def _numbers(one: dict[str, Any]) -> list[str]:
    if "reason" in one:
        return [one["reason"], "", "", "", ""]
    return [*timing(one), f"{one['processor_ms']:,.0f}" if one.get("processor_ms") else ""]
