"""Methods beside those of others: the table can be worked out by hand."""

import pytest

from backend.bench import method_peers, own_methods
from backend.bench.method_tables import MARKS, as_markdown, reached, with_table
from backend.bench.methods import MATCHES
from backend.explanations.methods import METHODS
from tests.conftest import ROOT


def timing(median_ms: float) -> dict:
    return {
        "median_ms": median_ms,
        "quartiles_ms": [median_ms, median_ms],
        "fastest_ms": median_ms,
        "repetitions": 3,
    }


def match(ours, *theirs, at_most_ms=None, at_least=None) -> dict:
    peers = [{"title": f"peer {at}"} | one for at, one in enumerate(theirs)]
    return {"title": "Ours", "ours": ours, "peers": peers, "at_most_ms": at_most_ms,
            "at_least": at_least}  # fmt: skip


def test_the_quickest_of_the_others_counts():
    slow, quick, missing = timing(90), timing(30), {"reason": "not installed"}
    assert reached(match(timing(10), slow, missing, quick, at_least=3)) is True
    assert reached(match(timing(10), slow, missing, quick, at_least=3.1)) is False
    assert reached(match(timing(10), missing, at_least=3)) is None
    assert reached(match(timing(10), missing, at_most_ms=10)) is True
    assert reached(match(timing(10.1), slow, at_most_ms=10)) is False
    assert reached(match(missing, slow, at_least=3)) is None


def test_the_table_shows_every_row():
    measured = match(timing(20), timing(90), {"reason": "not installed"}, at_least=5)
    machine = {"processor": "a", "cores": 2, "memory_gb": 1, "system": "b"}
    loads = {"load_before": [0.0], "load_after": [1.0]}
    made = as_markdown(
        {"date": "now", "machine": machine | loads, "versions": {}, "methods": [measured]}
    )
    _, _, ours, first, second = [line for line in made.splitlines() if line.startswith("|")]
    assert "**Ours**" in ours and "20.0" in ours and "4.5, **not reached**" in ours
    assert "90.0" in first and "4.5" in first and "not installed" in second


def test_the_document_takes_the_table():
    document = (ROOT / "docs" / "methods.md").read_text("utf-8")
    written = with_table(document, "made\n")
    assert "made\n".join(MARKS) in written
    assert written.endswith(document[document.index(MARKS[1]) :])
    with pytest.raises(ValueError):
        with_table("no marks", "made")


def test_all_that_is_matched_is_there():
    assert {name for one in MATCHES for name in one.peers} <= set(method_peers.WAYS)
    names = {one.name.removesuffix("_fast") for one in MATCHES}
    assert names <= set(METHODS) and set(own_methods.settings_of(5)) <= {o.name for o in MATCHES}
