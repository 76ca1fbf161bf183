"""What was measured about teaching, as text that reads well at a terminal and as Markdown."""

import statistics
from typing import Any

from backend.bench.machine import NOT_HERE
from backend.bench.tables import table, together, where

MOST_SECONDS = {"head_s": 10.0, "epochs_with_film_s": 30.0}
MOST_MB, MOST_CLASSIFY_MS = 1500.0, 200.0
_WORDS = {True: "reached", False: "**not reached**"}


def as_markdown(results: dict[str, Any]) -> str:
    """All tables."""
    sections = [("", [where(results)])]
    sections += [("How often it is right", _accuracies(results["datasets"]))]
    if results["lessons"]:
        sections += [
            ("What a lesson costs", _costs(results["lessons"], results["alone"])),
            ("Classifying meanwhile", _waits(results["lessons"])),
            ("What was to be reached", _targets(results)),
        ]
    return together(sections)


def _accuracies(datasets: list[dict[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(way["name"] for one in datasets for way in one["ways"]))
    by_name = [{way["name"]: way["accuracy"] for way in one["ways"]} for one in datasets]
    rows = [[name, *(_shares(found.get(name, [])) for found in by_name)] for name in names]
    lines = table(["right answers, mean (lowest – highest)", *(o["name"] for o in datasets)], rows)
    about = [
        f"{one['name']}: {one['pictures']} pictures of {one['labels']} labels, halved "
        f"{len(one['asked'])} times; {one['asked'][0]} were asked the first time. Pictures that "
        f"are {one['kept_together']} stay in the same half."
        for one in datasets
    ]
    return [*lines, "", *about]


def _costs(lessons: list[dict[str, Any]], alone: dict[str, float]) -> list[str]:
    rows = []
    for one in lessons:
        memory = one["most_mb"]
        rows.append(
            [
                one["title"],
                str(one["pictures"]),
                str(one["epochs"]),
                f"{one['epochs_with_film_s']:.1f}",
                f"{one['whole_s']:.1f}",
                memory if isinstance(memory, str) else f"{memory:,.0f}",
            ]
        )
    head = ["", "pictures", "epochs", "epochs with film, s", "from wish to menu, s", "memory, MB"]
    return [
        *table(head, rows),
        "",
        f"The head alone, on features that are there already: {alone['head_s']:.1f} s; the "
        f"features of all pictures took {alone['features_s']:.1f} s before.",
    ]


def _waits(lessons: list[dict[str, Any]]) -> list[str]:
    rows = []
    for one in lessons:
        for when, times in (
            ("before", one["classify_at_rest"]),
            ("meanwhile", one["classify_meanwhile"]),
        ):
            rows.append(
                [
                    f"{one['title']}, {when}",
                    str(times["repetitions"]),
                    f"{times['median_ms']:.0f}",
                    f"{times['p95_ms']:.0f}",
                    f"{times['slowest_ms']:.0f}",
                ]
            )
    return table(["", "asked", "median ms", "95 % within ms", "slowest ms"], rows)


def _targets(results: dict[str, Any]) -> list[str]:
    heads = [one for one in results["lessons"] if one["way"] == "head"]
    meanwhile = [one["classify_meanwhile"] for one in results["lessons"]]
    rows = [
        ("the head alone, s", MOST_SECONDS["head_s"], results["alone"]["head_s"]),
        (
            "a head's epochs with film, s",
            MOST_SECONDS["epochs_with_film_s"],
            max(one["epochs_with_film_s"] for one in heads),
        ),
        ("memory while teaching, MB", MOST_MB, _most(results["lessons"])),
        ("classify meanwhile, median ms", MOST_CLASSIFY_MS, max(o["median_ms"] for o in meanwhile)),
        (
            "classify meanwhile, slowest ms",
            MOST_CLASSIFY_MS,
            max(o["slowest_ms"] for o in meanwhile),
        ),
    ]
    lines = [
        [
            what,
            f"≤ {limit:,.0f}",
            NOT_HERE if value is None else f"{value:,.1f}",
            "" if value is None else _WORDS[value <= limit],
        ]
        for what, limit, value in rows
    ]
    return table(["", "wanted", "measured", ""], lines)


def _most(lessons: list[dict[str, Any]]) -> float | None:
    known = [one["most_mb"] for one in lessons if not isinstance(one["most_mb"], str)]
    return max(known) if known else None


def _shares(found: list[float]) -> str:
    if not found:
        return NOT_HERE
    return f"{statistics.mean(found):.3f} ({min(found):.2f} – {max(found):.2f})"
