"""Contestants take turns in random order; what is reported can be computed by hand."""

import pytest

from backend.bench.contestants import absent
from backend.bench.server import read_stages
from backend.bench.targets import judge
from backend.bench.timing import RECORDED_PER_TURN, Contestant, Taken, race, summary


def test_summary_by_hand():
    assert summary([Taken(one) for one in (0.005, 0.001, 0.002, 0.004, 0.003)]) == {
        "median_ms": 3.0,
        "quartiles_ms": [2.0, 4.0],
        "fastest_ms": 1.0,
        "repetitions": 5,
    }
    # Between 1 and 2 ms, a quarter of the way.
    both = summary([Taken(0.001, 0.004), Taken(0.002, 0.006)])
    assert both["quartiles_ms"] == [1.25, 1.75] and both["processor_ms"] == 5


def test_stages_are_read_from_the_header():
    stages = read_stages("decode;dur=1.50, sweep;dur=20.25")
    assert stages == {"decode": 1.5, "sweep": 20.25} and read_stages("") == {}
    other = Taken(0.1, stages_ms={"decode": 2.5, "sweep": 20.25})
    found = summary([Taken(0.1, stages_ms=stages), other])["stages_ms"]
    assert found == {"decode": 2.0, "sweep": 20.25}


def recorder(log, name, seconds):
    def run(number):
        log.append((name, number))
        return Taken(seconds[name].pop(0))

    return run


def test_warm_ups_are_left_out_and_nothing_comes_twice():
    log = []
    # The warm-up and the first run of a turn take a second; they must not count.
    seconds = {
        "quick": [1.0, *([1.0] + [0.010] * RECORDED_PER_TURN) * 4],
        "slow": [1.0, *[0.5] * 4],
    }
    results = race(
        [
            Contestant("quick", "Quick", recorder(log, "quick", seconds), turns=4),
            Contestant("slow", "Slow", recorder(log, "slow", seconds), turns=4, slow=True),
        ],
        seed=1,
        report=lambda text: None,
    )
    assert results["quick"]["median_ms"] == 10 and results["quick"]["repetitions"] == 12
    assert results["slow"]["quartiles_ms"] == [500, 500] and results["slow"]["repetitions"] == 4
    numbers = [number for _, number in log]
    assert len(set(numbers)) == len(numbers)


def test_the_order_is_random_but_the_same_for_a_seed():
    def order(seed):
        log = []
        runs = [
            Contestant(name, name, recorder(log, name, {name: [0.1] * 21}), turns=20, slow=True)
            for name in "ab"
        ]
        race(runs, seed, lambda text: None)
        return "".join(name for name, _ in log)

    assert order(3) == order(3) != order(4)
    assert "aaa" in order(3) or "bbb" in order(3)  # they do not just alternate


def test_what_cannot_be_measured_says_why():
    results = race([absent("other", "Other", "not installed")], 1, lambda text: None)
    assert results == {"other": {"reason": "not installed"}}


TABLE = {
    "in_process": {"median_ms": 16.0},
    "in_process_fitted": {"median_ms": 10.0},
    "xplique": {"median_ms": 130.0},
    "tf_explain": {"median_ms": 110.0},
    "keras_predict": {"reason": "failed"},
    "http_raw": {"median_ms": 34.0},
    "http_png": {"median_ms": 45.0},
    "fine": {"median_ms": 200.0},
    "vgg": {"median_ms": 1000.0, "processor_ms": 1800.0},
    "vgg_whole": {"median_ms": 4000.0, "processor_ms": 5400.0},
    "parade_raw": {"median_ms": 12.0},
}


@pytest.mark.parametrize(
    ("what", "measured", "reached"),
    [
        ("in process, in ms", 16.0, False),
        ("in process, the picture fitted before", 10.0, True),
        ("times faster than xplique", 13.0, True),
        ("times faster than tf-explain", 11.0, False),
        ("times faster than one Keras", None, None),
        ("raw pixels", 34.0, False),
        ("with a PNG", 45.0, True),
        ("VGG16", 4.0, True),
        ("95 % answered", 1400.0, True),
        ("first squares", 600.0, False),
        ("memory over rest", 90.0, True),
        ("maps per second", 9.9, False),
        ("frames per second", 30.0, True),
    ],
)
def test_targets(what, measured, reached):
    crowd = {
        "clients": 30,
        "rounds": 2,
        "answered": 60,
        "p95_ms": 1400,
        "first_squares_p95_ms": 600,
    }
    memory, live = {"rest_mb": 60, "most_mb": 150}, {"maps": 9.9, "frames": 30.0}
    verdicts = judge(TABLE, [crowd], memory, live)
    (verdict,) = [one for one in verdicts if what in one["what"]]
    assert (verdict["measured"], verdict["reached"]) == (measured, reached)
    if what == "VGG16":
        assert verdict["by_processor"] == 3


def test_a_crowd_that_was_not_wholly_answered_reaches_nothing():
    crowd = {"clients": 30, "rounds": 2, "answered": 59, "p95_ms": 10, "first_squares_p95_ms": 1}
    missing = {"reason": "not measured here"}
    verdicts = judge(TABLE, [crowd], missing, missing)
    assert [one["reached"] for one in verdicts[-5:]] == [None] * 5
