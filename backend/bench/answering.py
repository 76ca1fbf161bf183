"""A program that does one thing of several for each line it is sent, and says what it took.

It begins with a line {"versions": {package: version}}; then each line of its input names a
way, and is answered with {"seconds": …, "processor_seconds": …} or {"reason": …}.
"""

import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from time import perf_counter, process_time
from typing import Any

Prepare = Callable[[str], Callable[[], object]]


def answer_lines(packages: tuple[str, ...], prepare: Prepare) -> None:
    """Answer until the input ends.

    Args:
        packages: whose versions are told.
        prepare: makes a way ready, which does not count; what it gives is run and timed.
    """
    # Libraries may print what they like: answers go out by a way of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    say({"versions": _versions(packages)})
    ready: dict[str, Callable[[], object]] = {}
    for line in sys.stdin:
        way = line.strip()
        try:
            if way not in ready:
                ready[way] = prepare(way)
            start, processor = perf_counter(), process_time()
            ready[way]()
            taken = perf_counter() - start, process_time() - processor
            say({"seconds": taken[0], "processor_seconds": taken[1]})
        except ModuleNotFoundError as problem:
            say({"reason": f"not installed ({problem.name})"})
        except Exception as problem:
            # Whatever others' packages raise is the reason why there is no number.
            say({"reason": f"failed: {type(problem).__name__}: {str(problem)[:200]}"})


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
