"""Masks made by difference, over HTTP."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.teaching.conftest import png

MINE = "/api/collections/mine"
WALLS = {"tea": (200, 40, 40), "cup": (40, 40, 200)}


def box(number: int) -> np.ndarray:
    """Where the thing is in a label's picture of this number: (72, 96) bool."""
    inside = np.zeros((72, 96), bool)
    inside[10 + 6 * number : 30 + 6 * number, 8 + 12 * number : 30 + 12 * number] = True
    return inside


@pytest.fixture
def urls(client) -> dict[str, list[str]]:
    """Two labels, each before a wall of its own; the thing moves about."""
    found = {}
    for label, wall in WALLS.items():
        client.post(MINE + "/labels", json={"label": label})
        pixels = [np.where(box(number)[..., None], (30, 200, 30), wall) for number in range(6)]
        replies = [
            client.post(f"{MINE}/pictures?label={label}", data=png(one.astype(np.uint8)))
            for one in pixels
        ]
        found[label] = [reply.get_json()["added"][0]["url"] for reply in replies]
    return found


@pytest.mark.parametrize("label", WALLS)
def test_a_mask_is_made_by_the_difference_from_the_labels_own_wall(client, urls, label):
    reply = client.get(urls[label][4] + "/mask")
    assert reply.status_code == 200
    mask = np.asarray(Image.open(io.BytesIO(reply.data)))
    assert mask.shape == (72, 96)
    subject = mask > 127
    assert (subject & box(4)).sum() / (subject | box(4)).sum() > 0.6


def test_another_background_leaves_the_thing(client, urls):
    reply = client.get(urls["tea"][1] + "/preview?change=background&seed=3")
    seen = np.asarray(Image.open(io.BytesIO(reply.data))).astype(int)
    assert np.abs(seen[22:30, 26:36] - (30, 200, 30)).max() < 40
    assert np.abs(seen[:6] - WALLS["tea"]).mean() > 30


def test_no_mask_is_made_up_where_nothing_tells(client):
    dice = np.random.default_rng(0)
    client.post(MINE + "/labels", json={"label": "mess"})
    for _ in range(4):
        pixels = np.repeat(np.repeat(dice.integers(0, 256, (6, 8, 3), np.uint8), 12, 0), 12, 1)
        reply = client.post(MINE + "/pictures?label=mess", data=png(pixels))
    url = reply.get_json()["added"][0]["url"]
    refused = client.get(url + "/mask")
    assert refused.status_code == 404
    assert refused.get_json()["error"]["code"] == "no_mask"
