"""“Try a picture” shows what the HTTP interface says, for every hand, screen and language."""

import base64
import io
import json
import re
import urllib.parse
import urllib.request
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from backend.picture import decode
from tests.conftest import as_if_covering_only_helped
from tests.pages.dropping import drop_bytes
from tests.pages.holding import Held

pytestmark = pytest.mark.browser
SWEEP_MS = 60_000


def png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def sample(server) -> tuple[str, Image.Image]:
    """Name and picture of the first built-in picture."""
    index = json.load(urllib.request.urlopen(server.address + "/parade/index.json"))
    first = index["pictures"][0]
    content = urllib.request.urlopen(server.address + first["url"]).read()
    return first["name"], Image.open(io.BytesIO(content)).convert("RGB")


def ask(server, path: str, picture: Image.Image, **settings) -> dict:
    query = urllib.parse.urlencode(settings)
    request = urllib.request.Request(
        f"{server.address}{path}?{query}", png(picture), {"Content-Type": "image/png"}
    )
    return json.load(urllib.request.urlopen(request))


def open_sample(page, name: str) -> None:
    page.locator(f"[data-sample='{name}']").click()
    wait_until_measured(page)


def wait_until_measured(page) -> None:
    page.locator("#try[data-state=ready]").wait_for(timeout=SWEEP_MS)


@contextmanager
def measured_again(page):
    """What is done inside starts a sweep; afterwards it is finished."""
    with page.expect_event(
        "requestfinished", lambda request: "/api/relevance" in request.url, timeout=SWEEP_MS
    ):
        yield
    wait_until_measured(page)


def shown_ghosts(page) -> list[float]:
    """Ghost 0..100 of every square, from how black the page makes it."""
    return page.eval_on_selector_all(
        ".square",
        "all => all.map((square) => 100 * (1 - square.style.getPropertyValue('--black')))",
    )


def bar(page, label: str):
    """The number at the bar of a label."""
    return page.locator(f".bar[data-label={json.dumps(label)}] .now")


def as_percent(share: float) -> str:
    """The page's way to write a share: decimals only close to 0 % and 100 %."""
    digits = 2 if share > 0.99 or share < 0.01 else 0
    text = f"{100 * share:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if digits else text) + "%"


def test_sample_shows_label_confidence_and_squares_of_the_http_answer(open_page, server):
    name, picture = sample(server)
    classified = ask(server, "/api/classify", picture)
    relevance = ask(server, "/api/relevance", picture)
    page = open_page("/try")
    open_sample(page, name)
    assert page.locator("#winner").inner_text() == classified["label"]
    for prediction in classified["predictions"][:3]:
        expect(bar(page, prediction["label"])).to_have_text(as_percent(prediction["confidence"]))
    expected = [ghost for row in relevance["ghost"] for ghost in row]
    assert shown_ghosts(page) == pytest.approx(expected, abs=0.1)
    assert page.locator("#say").inner_text() == relevance["sentence"]


def test_photo_with_upright_shape_is_measured_with_as_many_squares_as_it_shows(open_page, server):
    _, picture = sample(server)
    upright = picture.rotate(90, expand=True).resize((300, 400))
    page = open_page("/try")
    drop_bytes(page, ("upright.png", png(upright)))
    wait_until_measured(page)
    relevance = ask(server, "/api/relevance", upright, rows=8, columns=6)
    expected = [ghost for row in relevance["ghost"] for ghost in row]
    assert shown_ghosts(page) == pytest.approx(expected, abs=0.1)


def test_picture_that_is_quicker_than_the_list_of_classifiers_is_measured(open_page, server):
    _, picture = sample(server)
    page = open_page("/try")
    late = Held(page, "**/api/models")
    page.reload()
    drop_bytes(page, ("quick.png", png(picture)))
    page.locator("#try[data-state=waiting]").wait_for()
    late.wait()
    late.go()
    wait_until_measured(page)
    assert page.locator("#winner").inner_text() == ask(server, "/api/classify", picture)["label"]


def test_large_photo_turned_by_its_telephone_is_seen_as_the_server_sees_it(open_page, server):
    turned = sample(server)[1].resize((2600, 1950))
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn a quarter to the right
    stream = io.BytesIO()
    turned.save(stream, "JPEG", quality=95, exif=exif)
    page = open_page("/try")
    with page.expect_response(lambda response: "/api/classify" in response.url) as answered:
        drop_bytes(page, ("IMG_0001.jpg", stream.getvalue()))
    shown = answered.value.json()
    request = urllib.request.Request(
        server.address + "/api/classify", stream.getvalue(), {"Content-Type": "image/jpeg"}
    )
    expected = json.load(urllib.request.urlopen(request))
    # The page halves such a photo itself, so for the server its pixels count double.
    assert {side: 2 * px for side, px in shown["seen"].items()} == expected["seen"]
    confidence = {each["label"]: each["confidence"] for each in expected["predictions"]}
    for prediction in shown["predictions"]:
        assert prediction["confidence"] == pytest.approx(confidence[prediction["label"]], abs=0.02)


def test_covering_two_squares_shows_the_http_answer_for_the_covered_picture(open_page, server):
    name, picture = sample(server)
    page = open_page("/try")
    open_sample(page, name)
    page.get_by_role("gridcell", name="Row 2, column 4").click()
    page.get_by_role("gridcell", name="Row 3, column 5").click()
    expect(page.locator(".square.covered")).to_have_count(2)

    pen = ImageDraw.Draw(picture)
    pen.rectangle((180, 60, 239, 119), fill="black")
    pen.rectangle((240, 120, 299, 179), fill="black")
    classified = ask(server, "/api/classify", picture)
    expect(page.locator("#winner")).to_have_text(classified["label"])
    for prediction in classified["predictions"][:3]:
        expect(bar(page, prediction["label"])).to_have_text(as_percent(prediction["confidence"]))

    before = ask(server, "/api/classify", sample(server)[1])
    page.get_by_role("button", name="Uncover everything").click()
    expect(page.locator(".square.covered")).to_have_count(0)
    expect(bar(page, before["label"])).to_have_text(as_percent(before["confidence"]))


def test_everything_works_with_the_keyboard_alone(open_page, server):
    name, picture = sample(server)
    page = open_page("/try")
    page.locator(f"[data-sample='{name}']").wait_for()
    press_tab_until(page, f"document.activeElement.dataset.sample === {json.dumps(name)}")
    page.keyboard.press("Enter")
    wait_until_measured(page)
    press_tab_until(page, "document.activeElement.matches('.square')", "Shift+Tab")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused.startswith("Row 2, column 2,")
    page.keyboard.press("Enter")
    expect(page.locator(".square:focus")).to_have_attribute("aria-selected", "true")
    ImageDraw.Draw(picture).rectangle((60, 60, 119, 119), fill="black")
    covered = ask(server, "/api/classify", picture)
    label = ask(server, "/api/classify", sample(server)[1])["label"]
    confidence = next(
        prediction["confidence"]
        for prediction in covered["predictions"]
        if prediction["label"] == label
    )
    said = re.compile(rf"^{label} (drops|rises|stays) .*\b{re.escape(as_percent(confidence))}\.")
    expect(page.locator("#announce")).to_have_text(said)


def press_tab_until(page, condition: str, key: str = "Tab") -> None:
    for _ in range(40):
        if page.evaluate(condition):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never leads there: {condition}")


@pytest.mark.parametrize("path", ["/", "/try"])
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_narrow_screens_never_scroll_sideways(open_page, server, path, language):
    page = open_page(path, width=360, height=700, language=language)
    page.locator(".model, [data-sample]").first.wait_for()
    if path == "/try":
        open_sample(page, sample(server)[0])
        page.locator(".square").nth(10).click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_numbers_can_be_read_in_place_of_colours(open_page, server):
    name, picture = sample(server)
    relevance = ask(server, "/api/relevance", picture, measure="log_odds")
    page = open_page("/try")
    open_sample(page, name)
    with measured_again(page):
        page.select_option("#measure", "log_odds")
    page.locator("#numbers").check()
    shown = page.eval_on_selector_all(".square b", "all => all.map((b) => Number(b.textContent))")
    expected = [drop for row in relevance["log_odds_drop"] for drop in row]
    assert shown == pytest.approx(expected, abs=0.051)
    assert page.locator(".square b").first.is_visible()


def test_where_covering_only_helps_it_is_said_which_square(open_page, server):
    page = open_page("/try", language="de-DE")
    page.route("**/api/relevance*", as_if_covering_only_helped)
    name, picture = sample(server)
    open_sample(page, name)
    winner = ask(server, "/api/classify", picture)["label"]
    said = page.locator("#say").text_content().replace("\N{NO-BREAK SPACE}", " ")
    unmarked = re.sub("[\u2068\u2069]", "", said)
    assert unmarked == f"Zeile 2, Spalte 3 verdeckt: {winner} steigt von 27 % auf 98 %."


@pytest.mark.parametrize(
    ("size", "columns", "rows"),
    [("few", [1, 2, 3, 4], [1, 2, 3]), ("many", range(1, 17), range(1, 13))],
)
def test_rows_and_columns_are_counted_at_the_edges(open_page, server, size, columns, rows):
    page = open_page("/try")
    open_sample(page, sample(server)[0])
    with measured_again(page):
        page.get_by_role("radio", name=size).check()
    for edge, numbers, side in ((".columns", columns, "x"), (".rows", rows, "y")):
        counted = page.locator(f".edge{edge} span")
        assert [int(text) for text in counted.all_inner_texts()] == [*numbers]
        length = "width" if side == "x" else "height"
        step = 1 if side == "x" else len(columns)
        for index in (0, len(numbers) - 1):
            number = counted.nth(index).bounding_box()
            square = page.locator(".square").nth(index * step).bounding_box()
            middles = [box[side] + box[length] / 2 for box in (number, square)]
            assert middles[0] == pytest.approx(middles[1], abs=1)


def test_settings_are_those_of_the_request(open_page, server):
    name, picture = sample(server)
    page = open_page("/try")
    open_sample(page, name)
    with measured_again(page):
        page.get_by_role("radio", name="few").check()
    with measured_again(page):
        page.select_option("#cover", "white")
    relevance = ask(server, "/api/relevance", picture, rows=3, columns=4, cover="white")
    expected = [ghost for row in relevance["ghost"] for ghost in row]
    assert shown_ghosts(page) == pytest.approx(expected, abs=0.1)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" '


@pytest.mark.parametrize(
    "name, content",
    [
        ("cat.png", b""),
        ("cat.png", b"no picture at all"),
        ("cat.png", b"\x89PNG\r\n\x1a\nbroken"),
        ("empty.svg", SVG + b'width="0" height="0"/>'),
        ("flat.svg", SVG + b'width="100" height="0.3"><path d="M0 0h100" stroke="red"/></svg>'),
        ("cut-off.svg", SVG + b'width="100" height="50"><circle r="20"'),
    ],
)
def test_file_that_is_no_picture_gets_a_kind_error(open_page, name, content):
    page = open_page("/try")
    drop_bytes(page, (name, content))
    notice = page.locator("#problem .notice.problem")
    notice.wait_for()
    assert name in notice.inner_text()
    assert "PNG or JPEG" in notice.inner_text()


def test_files_that_systems_hide_are_not_meant(open_page, server):
    page = open_page("/try")
    picture = png(sample(server)[1])
    drop_bytes(page, ("._cat.png", b"no picture"), ("cat.png", picture), (".DS_Store", b"no model"))
    wait_until_measured(page)
    assert page.locator(".notice.problem").count() == 0


@pytest.mark.parametrize("kind", ["HEIF", "TIFF"])
def test_photo_that_the_browser_cannot_open_is_opened_by_the_server(open_page, server, kind):
    _, picture = sample(server)
    stream = io.BytesIO()
    picture.save(stream, kind)
    page = open_page("/try")
    with measured_again(page):
        drop_bytes(page, (f"IMG_0001.{kind.lower()}", stream.getvalue()))
    shown = page.evaluate(
        "[...document.querySelector('#board canvas').getContext('2d')"
        ".getImageData(0, 0, 480, 360).data]"
    )
    shown = np.reshape(shown, (360, 480, 4))[..., :3]
    np.testing.assert_array_equal(shown, decode(stream.getvalue()).pixels)


def test_photo_that_is_too_large_is_said_to_be(open_page):
    stream = io.BytesIO()
    Image.new("L", (9000, 6000)).save(stream, "TIFF", compression="tiff_deflate")
    page = open_page("/try")
    drop_bytes(page, ("large.tiff", stream.getvalue()))
    page.locator("#problem", has_text="more than 50 million pixels").wait_for()


COSTUME = b"""<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48" viewBox="0 0 96 48">
<rect width="96" height="48" fill="#2040c0"/><circle cx="24" cy="24" r="20" fill="#f0c020"/>
</svg>"""


def test_costume_of_scratch_is_drawn_as_large_as_the_stage(open_page):
    page = open_page("/try")
    with measured_again(page):
        drop_bytes(page, ("costume.svg", COSTUME))
    canvas = "const it = document.querySelector('#board canvas'); "
    assert page.evaluate(f"() => {{ {canvas} return [it.width, it.height]; }}") == [480, 240]
    colours = page.evaluate(
        f"() => {{ {canvas} const at = (x, y) => [...it.getContext('2d').getImageData(x, y, 1, 1)"
        ".data.slice(0, 3)]; return [at(120, 120), at(360, 120)]; }"
    )
    assert colours == [[0xF0, 0xC0, 0x20], [0x20, 0x40, 0xC0]]


def test_drawing_with_writing_in_it_is_measured(open_page):
    """Drawing programs put texts into `foreignObject`; scripts in it do nothing."""
    page = open_page("/try")
    text = b'<foreignObject width="96" height="48"><p xmlns="http://www.w3.org/1999/xhtml">cat</p>'
    script = b"<script>parent.spoilt = true; window.spoilt = true</script>"
    head = SVG + b'width="96" height="48"><rect width="96" height="48" fill="#2040c0"/>'
    with measured_again(page):
        drop_bytes(page, ("text.svg", head + text + b"</foreignObject>" + script + b"</svg>"))
    assert page.evaluate("window.spoilt") is None


def test_picture_from_the_camera_is_measured_and_the_camera_closed(open_page):
    page = open_page("/try")
    page.get_by_role("button", name="Camera").click()
    page.get_by_role("button", name="Take the picture").click()
    wait_until_measured(page)
    assert page.locator("#camera-box").is_hidden()
    assert page.evaluate("document.querySelector('#video').srcObject") is None
    assert page.evaluate("document.activeElement.id") == "camera"  # where the keyboard goes on


SLOW_CAMERA = """() => {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = async function () {
    await new Promise((go) => { globalThis.startCamera = go; });
    return play.call(this);
  };
}"""


def test_no_picture_can_be_taken_before_the_camera_shows_one(open_page):
    page = open_page("/try")
    page.evaluate(SLOW_CAMERA)
    page.get_by_role("button", name="Camera").click()
    take = page.get_by_role("button", name="Take the picture")
    expect(take).to_be_disabled()
    page.evaluate("startCamera()")
    expect(take).to_be_enabled()


def test_camera_can_be_closed_before_it_shows_anything(open_page):
    page = open_page("/try")
    page.evaluate(SLOW_CAMERA)
    page.get_by_role("button", name="Camera").click()
    page.get_by_role("button", name="Close the camera").click()
    page.evaluate("startCamera()")
    expect(page.locator("#camera-box")).to_be_hidden()


COUNT_STREAMS = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.streams = [];
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    streams.push(stream);
    return stream;
  };
}"""
LIVE = """() => streams.map((one) => one.getTracks()[0].readyState)"""


@pytest.mark.parametrize("path", ["/try", "/look-inside"])
def test_a_camera_that_was_opened_twice_is_off_when_it_is_closed(open_page, path):
    page = open_page(path)
    page.evaluate(COUNT_STREAMS)
    # Not by the mouse: what the camera moves may come to lie under the second click.
    twice = "(button) => { button.click(); button.click(); }"
    page.get_by_role("button", name="Camera", exact=True).evaluate(twice)
    expect(page.get_by_role("button", name="Take the picture")).to_be_enabled()
    page.get_by_role("button", name="Camera", exact=True).click()
    page.wait_for_function("() => streams.length === 3")
    expect(page.get_by_role("button", name="Take the picture")).to_be_enabled()
    page.get_by_role("button", name="Close the camera").click()
    assert page.evaluate(LIVE) == ["ended"] * 3


def test_a_sample_chosen_beside_the_camera_is_shown_in_its_place(open_page, server):
    page = open_page("/try")
    page.evaluate(COUNT_STREAMS)
    page.get_by_role("button", name="Camera", exact=True).click()
    expect(page.get_by_role("button", name="Take the picture")).to_be_enabled()
    open_sample(page, sample(server)[0])
    assert page.locator("#board").is_visible()
    assert page.locator("#camera-box").is_hidden()
    assert page.evaluate(LIVE) == ["ended"]


def test_nothing_is_said_about_covered_squares_before_it_is_known(open_page, server):
    page = open_page("/try")
    open_sample(page, sample(server)[0])
    asked = Held(page, "**/api/classify?*")
    page.locator(".square.most").click()
    asked.wait()
    assert page.locator("#say").inner_text() == "Let me look …"
    asked.go()
    expect(page.locator("#say")).to_contain_text("%")

    asked = Held(page, "**/api/classify?*")
    page.locator(".square").first.click()
    asked.wait()
    asked.abort()
    page.locator("#problem .notice").wait_for()
    assert page.locator("#say").inner_text() == ""
    assert page.locator("#winner").inner_text() == ""  # nor what it was sure of before
    assert page.locator("#bars").inner_text() == ""
    page.select_option("#language", "de")
    assert page.locator("#say").inner_text() == ""
    page.get_by_role("button", name="Alles aufdecken").click()
    expect(page.locator("#bars .bar").first).to_be_visible()


def test_pasted_picture_is_measured(open_page, server):
    picture = sample(server)[1].resize((240, 180))
    page = open_page("/try")
    page.evaluate(
        """(base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }""",
        base64.b64encode(png(picture)).decode(),
    )
    wait_until_measured(page)
    assert page.locator("#winner").inner_text() == ask(server, "/api/classify", picture)["label"]


def test_refused_setting_is_explained_and_the_page_goes_on(open_page, server):
    page = open_page("/try")
    drop_bytes(page, ("tiny.png", png(Image.new("RGB", (5, 4), "red"))))
    notice = page.locator("#problem .notice.problem")
    notice.wait_for()
    assert "too small for" in notice.inner_text()
    open_sample(page, sample(server)[0])
    assert page.locator("#problem .notice").count() == 0


def test_on_paper_black_stays_black_and_controls_are_gone(open_page, server):
    page = open_page("/try")
    open_sample(page, sample(server)[0])
    page.emulate_media(media="print")
    square = page.locator(".square").first
    assert square.evaluate("(one) => getComputedStyle(one).printColorAdjust") == "exact"
    fill = page.locator(".bar .fill").first
    assert fill.evaluate("(one) => getComputedStyle(one).printColorAdjust") == "exact"
    for gone in (".views", "#samples", ".button", "#cover", "#language"):
        for each in page.locator(gone).all():
            assert each.is_hidden(), gone
    for shown in ("#board", "#say", "#winner", "#model"):
        assert page.locator(shown).is_visible(), shown


def test_calm_for_those_who_asked_for_less_motion(open_page, server):
    page = open_page("/try", reduced_motion="reduce")
    open_sample(page, sample(server)[0])
    moving = page.eval_on_selector(
        ".square", "square => getComputedStyle(square, '::before').transitionDuration"
    )
    assert moving in ("0s", "")


@pytest.mark.real
def test_part_that_the_model_does_not_see_is_hatched_and_framed(open_page, server, real):
    page = open_page("/try")
    page.locator("#model option").first.wait_for(state="attached")
    before = page.locator("#model option").count()
    export = real / "models" / "minecraft_fishing" / "converted_keras.zip"
    photo = Image.open(real / "photos" / "224" / "parrot.png").convert("RGB").resize((480, 360))
    drop_bytes(page, (export.name, export.read_bytes()), ("parrot.png", png(photo)))
    page.locator("#try[data-state=ready]").wait_for(timeout=180_000)
    assert page.locator("#model option").count() == before + 1
    model = page.locator("#model").input_value()
    relevance = ask(server, "/api/relevance", photo, model=model)
    assert len(relevance["unseen"]) == 12
    hatched = page.eval_on_selector_all(
        ".square",
        "all => all.map((s, i) => s.matches('.unseen') ? i : -1).filter((i) => i >= 0)",
    )
    assert hatched == [8 * row + column for row, column in relevance["unseen"]]
    frame = page.locator(".seen-frame").bounding_box()
    board = page.locator("#board").bounding_box()
    assert frame["width"] / board["width"] == pytest.approx(0.75, abs=0.01)
    assert page.locator("#say").inner_text() == relevance["sentence"]
    expected = [
        ghost
        for row, ghosts in enumerate(relevance["ghost"])
        for column, ghost in enumerate(ghosts)
    ]
    assert shown_ghosts(page) == pytest.approx(expected, abs=0.1)
