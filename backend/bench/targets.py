"""What was to be reached, and whether this run reached it."""

from typing import Any

FITTED = "in_process_fitted"
"""What others are compared with: they get a picture of the network's size, too."""
SIDE_BY_SIDE = [
    ("in process, in ms", "in_process", None, 15.0),
    ("in process, the picture fitted before, in ms", FITTED, None, 15.0),
    ("times faster than xplique", "xplique", FITTED, 12.0),
    ("times faster than tf-explain", "tf_explain", FITTED, 12.0),
    ("over HTTP with raw pixels, in ms", "http_raw", None, 33.0),
    ("over HTTP with a PNG, in ms", "http_png", None, 45.0),
    ("times faster than one Keras predict for each square", "keras_predict", FITTED, 100.0),
    ("the fine grid, in ms", "fine", None, 350.0),
    ("VGG16-sized, times faster than its full sweep", "vgg_whole", "vgg", 3.0),
    ("parade over HTTP, in ms", "parade_raw", None, 15.0),
]
"""What; a row; the row that it is compared with, if so; at most (ms) or at least (times)."""
CROWD = [
    ("30 clients: 95 % answered within, in ms", "p95_ms", 1500.0),
    ("30 clients: 95 % have first squares within, in ms", "first_squares_p95_ms", 500.0),
]
CROWD_SIZE = 30
MEMORY_OVER_REST_MB = 150.0
LIVE = [
    ("live: maps per second", "maps", 10.0),
    ("live: the project's frames per second meanwhile", "frames", 25.0),
]


def judge(
    table: dict[str, dict], crowds: list[dict], memory: dict, live: dict
) -> list[dict[str, Any]]:
    """Each target with what was measured; `reached` is None where there is no number.

    It is judged by the clock; `by_processor` is the same ratio by processor time.
    """
    verdicts = []
    for what, row, other, limit in SIDE_BY_SIDE:
        value = table[row].get("median_ms")
        if other is not None:
            beside = table[other].get("median_ms")
            value = value / beside if value and beside else None
        verdict = _verdict(what, value, limit, at_most=other is None)
        if other is not None:
            ours, theirs = (table[name].get("processor_ms") for name in (other, row))
            verdict["by_processor"] = round(theirs / ours, 2) if ours and theirs else None
        verdicts.append(verdict)
    crowd = next((one for one in crowds if one["clients"] == CROWD_SIZE), {})
    for what, key, limit in CROWD:
        all_answered = crowd.get("answered") == CROWD_SIZE * crowd.get("rounds", 0)
        verdicts.append(_verdict(what, crowd.get(key) if all_answered else None, limit, True))
    rest, most = memory.get("rest_mb"), memory.get("most_mb")
    over = most - rest if rest and most and crowd else None
    what = "30 clients: memory over rest at most, in MB"
    verdicts.append(_verdict(what, over, MEMORY_OVER_REST_MB, True))
    verdicts += [_verdict(what, live.get(key), limit, False) for what, key, limit in LIVE]
    return verdicts


def _verdict(what: str, value: float | None, limit: float, at_most: bool) -> dict[str, Any]:
    reached = None if value is None else (value <= limit if at_most else value >= limit)
    return {
        "what": what,
        "at_most" if at_most else "at_least": limit,
        "measured": None if value is None else round(value, 2),
        "reached": reached,
    }
