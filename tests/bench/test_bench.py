"""The command `bench`, run as it is typed, in its quick form and without others' packages."""

import json
import subprocess
import sys
import threading
from xml.etree import ElementTree

import pytest

from backend.bench import command
from tests.conftest import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    done = subprocess.run(
        [sys.executable, "-m", "backend", "bench", "--quick", "--no-peers", "-o", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "table.md").read_text("utf-8") in done.stdout
    return folder


@pytest.fixture(scope="module")
def results(output):
    return json.loads((output / "results.json").read_text("utf-8"))


def is_timing(one: dict) -> bool:
    low, high = one["quartiles_ms"]
    return 0 < one["fastest_ms"] <= low <= one["median_ms"] <= high and one["repetitions"] > 0


def test_every_row_has_a_number_or_a_reason(results):
    rows = {row["name"]: row for row in results["table"]}
    assert {name for name, row in rows.items() if "reason" in row} == {
        *("xplique", "tf_explain"),
        *("vgg", "vgg_whole"),
    }
    assert rows["xplique"]["reason"] in ("not installed", "left out")
    assert all("reason" in row or is_timing(row) for row in rows.values())
    assert rows["in_process"]["processor_ms"] > 0 and rows["keras_predict"]["processor_ms"] > 0
    stages = {"open", "wait", "decode", "fit", "sweep", "answer"}
    assert set(rows["http_raw"]["stages_ms"]) == stages
    assert {
        "in_process",
        "in_process_fitted",
        "http_raw",
        "http_png",
        "parade_raw",
        "keras_predict",
    } <= set(rows)


def test_costs_start_and_crowds(results):
    assert [one["squares"] for one in results["squares"]] == [1, 12]
    assert all(
        is_timing(one[way]) for one in results["squares"] for way in ("incremental", "whole")
    )
    assert all(is_timing(one) for one in results["picture_sizes"])
    assert is_timing(results["start"])
    for crowd in results["clients"]:
        assert crowd["answered"] == crowd["clients"] and not crowd["failed"] and not crowd["busy"]
        assert 0 < crowd["first_squares_median_ms"] <= crowd["median_ms"] <= crowd["p95_ms"]
    memory = results["memory"]
    assert "reason" in memory or 0 < memory["rest_mb"] <= memory["most_mb"]


def test_it_says_where_and_when(results):
    assert results["machine"]["cores"] >= 1 and results["machine"]["processor"]
    assert {"python", "numpy", "ai-edge-litert", "tensorflow"} <= set(results["versions"])
    assert results["date"].startswith("20") and results["quick"] is True


def test_the_chart_is_drawn(output, results):
    drawing = ElementTree.parse(output / "chart.svg").getroot()
    assert drawing.tag == SVG + "svg"
    texts = [text.text for text in drawing.iter(SVG + "text")]
    rows = {row["name"]: row for row in results["table"]}
    shown = rows["in_process"]["median_ms"]
    written = f"{shown:,.0f}" if shown >= 100 else f"{shown:.1f}"
    assert written in texts and rows["xplique"]["reason"] in texts
    _, _, width, height = map(float, drawing.get("viewBox").split())
    for text in drawing.iter(SVG + "text"):
        assert 0 <= float(text.get("x")) <= width and 0 <= float(text.get("y")) <= height


def test_two_in_one_folder_wait_for_each_other(monkeypatch, tmp_path):
    monkeypatch.setattr(command, "FOLDER", tmp_path / "bench")
    told = threading.Event()
    monkeypatch.setattr(command, "_report", lambda text: told.set())
    done = []

    def second():
        with command._alone():
            done.append("second")

    with command._alone():
        thread = threading.Thread(target=second)
        thread.start()
        assert told.wait(20)
        done.append("first")
    thread.join(20)
    assert done == ["first", "second"]
