"""Runs Peekaboo's methods with gradients once for each line it is sent; a program of its own.

`python -m backend.bench.own_methods FOLDER ID STEPS`: the folder and id of a model. It does
what the server's process for gradients does, from the decoded picture to the finished map,
each time for another picture; see `backend.bench.answering`.
"""

import sys
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from backend.bench.answering import answer_lines
from backend.bench.method_peers import COLUMNS, EVALUATIONS, NOISE, ROWS
from backend.bench.pictures import Pictures
from backend.classifiers.model import Model
from backend.explanations.asking import Question
from backend.explanations.methods import METHODS, answer
from backend.notebook import Opened

REFERENCES = 10
FIRST_REFERENCE = 1 << 20
"""References have numbers that no picture has."""


def settings_of(steps: int) -> dict[str, dict[str, Any]]:
    """Way → its settings, so that it does as much work as those of others."""
    return {
        "smoothgrad": {"samples": steps, "noise": NOISE},
        "integrated_gradients": {"steps": steps},
        "xrai": {"steps": steps},
        "xrai_fast": {"steps": steps, "algorithm": "fast"},
        "expected_gradients": {"samples": 2 * steps},
        "shapley": {"evaluations": EVALUATIONS},
    }


def main() -> None:
    """Answer until the input ends."""
    folder, model_id, steps = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    @cache
    def opened() -> Opened:
        model = Model.read(folder, model_id)
        return Opened(model, model.compile())

    pictures, numbers = Pictures(), count()
    references = [pictures.picture(FIRST_REFERENCE + number) for number in range(REFERENCES)]
    settings = settings_of(steps)

    def prepare(way: str) -> Callable[[], object]:
        method = METHODS[way.removesuffix("_fast")]
        network = opened().network if method.needs == "gradients" else None

        def run() -> object:
            question = Question.about(
                opened().compiled,
                network,
                pictures.picture(next(numbers)),
                ROWS,
                COLUMNS,
                fit="stretch",
                references=references if method.needs_references else None,
            )
            return answer(method, question, settings.get(way, {}))

        return run

    answer_lines(("ai-edge-litert", "scikit-image"), prepare)


if __name__ == "__main__":
    main()
