"""The report holds everything itself, says everything in words, and trusts no text."""

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from backend.drawing.curves import Curve
from backend.drawing.report import WIDEST_PX, Card, Plot, Table, report
from backend.drawing.settings import DrawSettings
from backend.explanations.base import Caution
from tests.drawing.explained import explained, grey_picture

NASTY = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;"


class Elements(HTMLParser):
    """Every start tag with its attributes, and all text."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def of(self, *tags):
        return [attributes for tag, attributes in self.found if tag in tags]


def card(name="wizard.png", **known):
    picture = grey_picture(30, 50)
    attribution = np.arange(64.0).reshape(8, 8)
    explanation = explained(picture, attribution, squares=[[0, 1], [2, 3]], **known)
    return Card(picture, name, "parade", explanation)


def test_no_text_becomes_markup_wherever_it_stands():
    explained_nastily = card(
        NASTY,
        method=NASTY, target=NASTY, unit=NASTY, cautions=(Caution(NASTY, NASTY),),
        settings={NASTY: NASTY, "layer": NASTY}, facts={NASTY: {NASTY: NASTY}},
    )  # fmt: skip
    page = report(
        [explained_nastily],
        [Plot(NASTY, NASTY, NASTY, [Curve(NASTY, [0, 1], [0, 1])])],
        [Table(NASTY, [NASTY, NASTY], [[NASTY, NASTY]])],
        NASTY,
    )
    elements = Elements(page)
    assert not elements.of("script")
    assert all(image["src"].startswith("data:image/png;base64,") for image in elements.of("img"))
    assert not any(name.startswith("on") for _, attributes in elements.found for name in attributes)
    assert elements.text.count("alert('x')") >= 15  # it is shown, not dropped


def test_nothing_is_fetched():
    elements = Elements(report([card()], [Plot("t", "x", "y", [Curve("a", [0, 1], [0, 1])])]))
    addresses = [a[key] for _, a in elements.found for key in ("src", "href") if key in a]
    assert addresses and all(address.startswith("data:") for address in addresses)
    assert not elements.of("link", "iframe", "script")
    policy = elements.of("meta")[2]["content"]
    assert "default-src 'none'" in policy


def test_pictures_are_the_drawn_maps():
    page = report([card()])
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    images = [Image.open(io.BytesIO(base64.b64decode(text))) for text in found]
    assert images[0].size == (50, 30)  # the picture itself
    assert images[1].width == 400  # enlarged eight times, with its bar
    assert images[1].height > 240


def test_wide_drawings_are_made_smaller():
    picture = grey_picture(400, 1600)
    wide = Card(picture, "wide", "parade", explained(picture, np.ones((8, 8))))
    for text in re.findall(r'base64,([^"]+)"', report([wide])):
        assert Image.open(io.BytesIO(base64.b64decode(text))).width == WIDEST_PX


def test_every_picture_and_table_can_be_read_aloud():
    elements = Elements(
        report([card()], [Plot("Deletion", "x", "y", [Curve("a", [0, 1], [0, 1])])],
               [Table("Sanity", ["class", "score"], [["cat", 0.5]])])
    )  # fmt: skip
    assert elements.of("html")[0]["lang"] == "en"
    alts = [image["alt"] for image in elements.of("img")]
    assert "grad cam" in alts[1] and "cat" in alts[1] and "row 2, column 2" in alts[1]
    assert all(cell.get("scope") in ("row", "col") for cell in elements.of("th"))
    assert elements.of("svg")[0]["aria-label"] == "Deletion"
    assert len(elements.of("h1")) == 1


def test_scores_settings_and_warnings_in_words():
    text = Elements(
        report([card(baseline_score=-0.5, approx_error=0.0321, seed=7,
                     settings={"steps": 25, "baseline": "black"},
                     facts={"layer": {"name": "block_3", "shape": [7, 7]}},
                     cautions=(Caution("unsure", "The model is not sure."),))])
    ).text  # fmt: skip
    for words in ("2.00", "-0.500", "3.21 %", "25", "black", "block_3", "The model is not sure.",
                  "seed", "clip above 99.5"):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("error, called_out", [(0.051, True), (0.049, False), (None, False)])
def test_a_large_error_is_called_out_with_what_to_do(error, called_out):
    text = Elements(report([card(approx_error=error)])).text
    assert ("take more steps or samples" in text) == called_out


def test_cards_of_one_picture_stand_together_in_order_of_appearance():
    headings = re.findall(r"<h2[^>]*><bdi>(.*?)</bdi>", report([card("b"), card("a"), card("b")]))
    assert headings == ["b", "a"]


def test_drawing_settings_are_used():
    one = card()
    ghost = Card(one.picture, "n", "m", one.explanation, drawing=DrawSettings(colours="ghost"))
    pictures = [re.findall('base64,([^"]+)', report([card]))[1] for card in (one, ghost)]
    assert pictures[0] != pictures[1]


def test_how_maps_are_drawn_is_said_once_or_for_each():
    one = card()
    ghost = Card(one.picture, "n", "m", one.explanation, drawing=DrawSettings(colours="ghost"))
    assert Elements(report([one, one])).text.count("colours auto") == 1
    both = Elements(report([one, ghost])).text
    assert both.count("colours auto") == 1 and both.count("colours ghost") == 1


def test_an_empty_report_is_a_page():
    assert "</html>" in report([])
