"""Timing several contestants fairly: in random order, without warm-ups, medians and spread."""

import random
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import Any

RECORDED_PER_TURN = 3


class NotMeasured(Exception):
    """A contestant that cannot be timed here; the message says why."""


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes:
        wall_s: from beginning to end.
        processor_s: added up over all cores, which other programs hardly change; None where
            it was spent in a process that does not say.
        stages_ms: what the server says about where the time went.
    """

    wall_s: float
    processor_s: float | None = None
    stages_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Contestant:
    """Something to be timed.

    Attributes:
        name: short and stable, for programs.
        title: for people.
        run: does it once and says what it took. It gets a number that never comes again,
            so that it can take a picture that no cache knows.
        turns: how often it comes up; every turn is one run that does not count, because the
            one before it has filled the processor's caches, and some that do.
        slow: whether a run takes so long that all of them count.
    """

    name: str
    title: str
    run: Callable[[int], Taken]
    turns: int
    slow: bool = False


def timed(job: Callable[[], object]) -> Taken:
    """What `job` takes, in this process."""
    start, processor = perf_counter(), process_time()
    job()
    return Taken(perf_counter() - start, process_time() - processor)


def race(
    contestants: Iterable[Contestant], seed: int, report: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Time contestants in random order.

    Returns:
        name → what `summary` makes of its times, or {"reason": why there are none}.
    """
    results: dict[str, dict[str, Any]] = {}
    taken: dict[str, list[Taken]] = {}
    turns: list[Contestant] = []
    number = 0
    for contestant in contestants:
        report(f"warming up: {contestant.title}")
        try:
            contestant.run(number)
        except NotMeasured as reason:
            results[contestant.name] = {"reason": str(reason)}
            continue
        number += 1
        taken[contestant.name] = []
        turns += [contestant] * contestant.turns
    random.Random(seed).shuffle(turns)
    for place, contestant in enumerate(turns):
        if place % max(1, len(turns) // 10) == 0:
            report(f"measuring: {100 * place // len(turns)}%")
        for recorded in [True] if contestant.slow else [False, *[True] * RECORDED_PER_TURN]:
            run = contestant.run(number)
            number += 1
            if recorded:
                taken[contestant.name].append(run)
    return results | {name: summary(runs) for name, runs in taken.items()}


def summary(taken: list[Taken]) -> dict[str, Any]:
    """Median, quartiles and the fastest, in ms; how many; processor time and stages, if known."""
    milliseconds = sorted(1000 * one.wall_s for one in taken)
    processor = [1000 * one.processor_s for one in taken if one.processor_s is not None]
    result = {
        "median_ms": round(statistics.median(milliseconds), 3),
        "quartiles_ms": [round(share(milliseconds, 0.25), 3), round(share(milliseconds, 0.75), 3)],
        "fastest_ms": round(milliseconds[0], 3),
        "repetitions": len(milliseconds),
    }
    if processor:
        result["processor_ms"] = round(statistics.median(processor), 3)
    if stages := taken[0].stages_ms:
        result["stages_ms"] = {
            stage: round(statistics.median(one.stages_ms[stage] for one in taken), 3)
            for stage in stages
        }
    return result


def share(ordered: list[float], part: float) -> float:
    """The value below which that part of ordered values lies, between its two neighbours."""
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
