"""“Look inside” paints what the server's renderer would, answers at once, and can be stopped."""

import base64
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.drawing.attribution import draw_map
from backend.drawing.colours import COLOURS
from backend.drawing.laying import lay
from backend.drawing.scale import Scale
from backend.drawing.settings import RESAMPLING, DrawSettings
from backend.picture import FIT_WAYS, Fit, Picture
from tests.conftest import ROOT
from tests.drawing.explained import explained, grey_picture
from tests.pages.dropping import drop_bytes

pytestmark = pytest.mark.browser
ANSWER_MS = 90_000
PAINT = """async ([npy, relevance, fit, size, pixels, view, colours]) => {
  const heat = await import('/pages/heat.js');
  const laying = await import('/pages/heat-lay.js');
  const { paint } = await import('/pages/heat-paint.js');
  const map = heat.cut(heat.decodeNpy(npy), fit.placed);
  const isWhole = view.type !== 'regions' || laying.isInRegions(map);
  const field = isWhole ? laying.lay(map, fit.seen, size, view.resampling)
                        : laying.laySquares(relevance, fit.seen, size, size);
  const values = isWhole ? map.values : field.filter((value) => !Number.isNaN(value));
  const scale = new heat.Scale(values, view, view.flat);
  const picture = new ImageData(Uint8ClampedArray.from(pixels), size.width, size.height);
  const painted = paint(picture, field, scale, new heat.Colours(colours), view);
  return { painted: [...painted.data], field: [...field].map((v) => (Number.isNaN(v) ? null : v)),
           ends: scale.ends, clipped: scale.clipped, hidden: scale.hiddenBelow };
}"""
VIEW = {"type": "pixels", "polarity": "positive", "colours": "viridis", "hide": 0,
        "strongest": 99.5, "opacity": 0.6, "overlay": "grayscale", "resampling": "bilinear",
        "flat": False}  # fmt: skip


@pytest.fixture(scope="module")
def anywhere(browser, server):
    """A page of Peekaboo in which its modules can be asked."""
    page = browser.new_page()
    page.goto(server.address + "/look-inside")
    yield page
    page.close()


def npy(array: np.ndarray) -> str:
    stream = io.BytesIO()
    np.save(stream, array.astype(np.float32))
    return base64.b64encode(stream.getvalue()).decode()


def painted_by_page(page, picture: Picture, explanation, view: dict) -> dict:
    fit = explanation.fit
    seen, colours = fit.seen, COLOURS[view["colours"]].as_json()
    geometry = {
        "seen": {"left": seen.left, "top": seen.top, "width": seen.width, "height": seen.height},
        "placed": {"left": fit.left_px, "top": fit.top_px,
                   "width": fit.placed_width_px, "height": fit.placed_height_px},
    }  # fmt: skip
    size = {"width": picture.width_px, "height": picture.height_px}
    opaque = np.full((*picture.pixels.shape[:2], 1), 255, np.uint8)
    rgba = np.concatenate([picture.pixels, opaque], axis=2).ravel().tolist()
    relevance = explanation.relevance.tolist()
    return page.evaluate(
        PAINT, [npy(explanation.attribution), relevance, geometry, size, rgba, view, colours]
    )


def drawn_like(view: dict) -> DrawSettings:
    return DrawSettings(
        type=view["type"], polarity=view["polarity"], colours=view["colours"],
        clip_below=view["hide"], clip_above=view["strongest"], alpha_limit=view["opacity"],
        overlay=view["overlay"], resampling=view["resampling"],
    )  # fmt: skip


@pytest.mark.parametrize("way", FIT_WAYS)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"polarity": "negative", "colours": "jet", "hide": 30, "overlay": "original"},
        {"polarity": "both", "colours": "pink_green", "hide": 60, "strongest": 80},
        {"polarity": "both", "colours": "cividis", "resampling": "lanczos", "overlay": "none"},
        {"resampling": "box", "colours": "red_green", "overlay": "original"},
        {"type": "regions", "polarity": "both", "colours": "pink_green", "resampling": "lanczos"},
        {"type": "regions", "colours": "ghost", "overlay": "mask_black"},
        {"colours": "ghost", "overlay": "mask_black", "hide": 20},
        {"colours": "ghost", "overlay": "none"},
        {"type": "outlines", "polarity": "both", "colours": "pink_green"},
        {"type": "outlines", "hide": 60, "overlay": "none", "resampling": "lanczos"},
    ],
    ids=lambda chosen: "-".join(map(str, chosen.values())),
)
def test_the_browser_paints_what_the_server_draws(anywhere, way, chosen):
    random = np.random.default_rng(4)
    picture = Picture(random.integers(0, 256, (31, 52, 3), dtype=np.uint8))
    attribution = random.normal(size=(9, 12)).astype(np.float32)
    view = VIEW | chosen
    explanation = explained(picture, attribution, way, squares=random.normal(size=(4, 7)))
    answer = painted_by_page(anywhere, picture, explanation, view)
    drawing = drawn_like(view)
    judge = draw_map(picture, explanation, drawing).astype(int)
    ours = np.array(answer["painted"]).reshape(31, 52, 4)[..., :3]
    differs = np.abs(ours - judge).max(axis=-1) > 3
    # A value on the border of what is hidden may fall to either side.
    assert differs.mean() <= (0.01 if view["hide"] else 0.0)
    laid = lay(explanation, 1, drawing)
    scale = Scale.of(laid.values, drawing, flat=False)
    np.testing.assert_allclose(answer["ends"], scale.ends, rtol=1e-5)
    assert answer["hidden"] == pytest.approx(scale.hidden_below, rel=1e-5)
    field = np.array(answer["field"], float).reshape(31, 52)
    np.testing.assert_array_equal(~np.isnan(field), laid.seen)


@pytest.mark.parametrize("resampling", RESAMPLING)
def test_a_finer_map_is_made_coarser_as_on_the_server(anywhere, resampling):
    picture = grey_picture(7, 11)
    attribution = np.random.default_rng(5).normal(size=(40, 30)).astype(np.float32)
    explanation = explained(picture, attribution, "crop")
    view = VIEW | {"resampling": resampling}
    field = np.array(painted_by_page(anywhere, picture, explanation, view)["field"], float)
    laid = lay(explanation, 1, drawn_like(view))
    field = field.reshape(7, 11)
    np.testing.assert_allclose(field[laid.seen], laid.field[laid.seen], atol=1e-4)


def test_a_map_of_regions_keeps_their_edges(anywhere):
    picture = grey_picture(30, 40)
    attribution = np.kron([[1, 2], [3, 4]], np.ones((10, 12))).astype(np.float32)
    view = VIEW | {"type": "regions"}
    answer = painted_by_page(anywhere, picture, explained(picture, attribution, "stretch"), view)
    assert set(answer["field"]) == {1, 2, 3, 4}


def test_a_flat_map_colours_nothing(anywhere):
    picture = grey_picture(6, 9)
    view = VIEW | {"opacity": 1, "overlay": "original", "flat": True}
    explanation = explained(picture, np.arange(9.0).reshape(3, 3), "stretch")
    answer = painted_by_page(anywhere, picture, explanation, view)
    pixels = np.array(answer["painted"]).reshape(6, 9, 4)[..., :3]
    assert (pixels == 100).all() and answer["ends"] == [0, 0]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    size=st.tuples(st.integers(1, 900), st.integers(1, 900)),
    input_size=st.tuples(st.integers(8, 300), st.integers(8, 300)),
    way=st.sampled_from(FIT_WAYS),
)
def test_the_browser_fits_pictures_as_the_server_does(anywhere, size, input_size, way):
    script = """async ([picture, input, way]) =>
      (await import('/pages/fit.js')).fitOf(picture, input, way)"""
    picture = {"height": size[0], "width": size[1]}
    model_input = {"height": input_size[0], "width": input_size[1]}
    got = anywhere.evaluate(script, [picture, model_input, way])
    fit = Fit.of(Picture(np.zeros((*size, 3), np.uint8)), input_size, way)
    for name in ("left", "top", "width", "height"):
        assert got["seen"][name] == pytest.approx(getattr(fit.seen, name), abs=1e-6)
    # JavaScript rounds halves up, Python to even: one pixel of the input at most.
    assert abs(got["placed"]["width"] - fit.placed_width_px) <= 1
    assert abs(got["placed"]["height"] - fit.placed_height_px) <= 1


def look_at_sample(open_page, **how):
    page = open_page("/look-inside", **how)
    page.locator("[data-sample]").first.click()
    wait_for_looks(page, 1)
    return page


def wait_for_looks(page, count: int) -> None:
    ready = page.locator(".look[data-state=ready]")
    ready.nth(count - 1).wait_for(timeout=ANSWER_MS)
    assert page.locator(".look").count() == count


def canvas_pixels(page, nth: int = 0) -> np.ndarray:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
    uri = page.locator(".look-map canvas:first-child").nth(nth).evaluate("(c) => c.toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("RGB"))


def slide(page, selector: str, value: int) -> None:
    page.locator(selector).fill(str(value))


def test_sliders_answer_without_asking_the_server(open_page):
    page = look_at_sample(open_page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    before = canvas_pixels(page)
    slide(page, "#opacity", 0)
    bare = canvas_pixels(page)
    assert (bare[..., 0] == bare[..., 2]).all()  # nothing but the grey picture
    slide(page, "#opacity", 75)
    np.testing.assert_array_equal(canvas_pixels(page), before)
    slide(page, "#hide", 90)
    coloured = (np.ptp(canvas_pixels(page).astype(int), axis=-1) > 12).mean()
    assert 0 < coloured < 0.12  # the strongest tenth at most
    slide(page, "#hide", 0)
    page.locator(".look-more summary").click()
    seen = [before]
    for kind in ("regions", "outlines"):
        page.locator(f"[name=type][value={kind}]").check()
        seen.append(canvas_pixels(page))
    assert page.locator("#opacity").is_disabled()  # lines are never see-through
    page.select_option("#overlay", "mask_black")
    seen.append(canvas_pixels(page))
    assert len({picture.tobytes() for picture in seen}) == 4
    assert not [url for url in asked if "/api/explain" in url]


def test_up_to_four_side_by_side(open_page):
    page = look_at_sample(open_page)
    for count in (2, 3, 4):
        page.locator("#add").click()
        assert page.locator(".look").count() == count
    assert page.locator("#add").is_disabled()
    wait_for_looks(page, 4)
    methods = page.locator(".look-choices-row label:first-child select")
    assert len(set(methods.evaluate_all("(all) => all.map((one) => one.value)"))) == 4
    # For a screen reader, menus that are called alike stand in regions that are not.
    second = page.get_by_role("region", name="Look 2: Occlusion")
    assert second.get_by_label("Method").input_value() == "occlusion"
    second.get_by_role("button", name="Remove").click()
    assert page.locator(".look").count() == 3 and page.locator("#add").is_enabled()
    assert page.get_by_role("region", name="Look 2: Integrated").count() == 1


def test_what_is_said_is_what_the_server_says(open_page):
    page = open_page("/look-inside")
    with page.expect_response(lambda response: "/api/explain" in response.url) as answered:
        page.locator("[data-sample]").first.click()
    last = json.loads(answered.value.text().strip().splitlines()[-1])
    wait_for_looks(page, 1)
    most, said = last["most_relevant"], page.locator(".look-said").inner_text()
    assert said == (
        f"Row {most['row'] + 1}, column {most['column'] + 1} matters most for {last['target']}."
    )
    label = page.locator(".look canvas[role=img]").get_attribute("aria-label")
    assert said in label and "Grad-CAM" in label
    frame = page.locator(".look-most").bounding_box()
    canvas = page.locator(".look-sheet canvas").bounding_box()
    assert frame["x"] - canvas["x"] == pytest.approx(most["column"] * canvas["width"] / 8, abs=1)
    assert frame["y"] - canvas["y"] == pytest.approx(most["row"] * canvas["height"] / 6, abs=1)
    assert frame["width"] == pytest.approx(canvas["width"] / 8, abs=1)


def test_another_label_and_setting_ask_again(open_page):
    page = look_at_sample(open_page)
    target = page.locator(".look select").nth(2)
    wanted = target.locator("option").nth(2).get_attribute("value")
    with page.expect_request(lambda request: "/api/explain" in request.url) as asked:
        target.select_option(wanted)
    assert f"target={wanted}" in asked.value.url
    wait_for_looks(page, 1)
    page.locator(".look summary").click()
    with page.expect_request(lambda request: "/api/explain" in request.url) as asked:
        page.locator(".look-settings select").last.select_option(index=1)
    assert "score=" in asked.value.url


def test_whether_a_map_can_be_trusted_is_said_in_words(open_page):
    page = look_at_sample(open_page)
    with page.expect_response("**/api/sanity?*") as asked:
        page.get_by_role("button", name="Can I trust this map?").click()
    page.locator(".trust-checks").wait_for(timeout=ANSWER_MS)
    found = json.loads(asked.value.text().splitlines()[-1])
    checks = page.locator(".trust-checks > li")
    names = checks.evaluate_all("(all) => all.map((one) => one.dataset.check)")
    assert names == ["nothing", "deletion", "insertion", "mixed"]  # Grad-CAM has no error
    for warning in found["warnings"]:
        check = next(name for part, name in CHECKED.items() if part in warning)
        assert "Careful" in page.locator(f"[data-check={check}]").inner_text()
    if not found["warnings"]:
        assert page.locator(".trust-checks > .careful").count() == 0
    deletion = f"{100 * found['deletion']['area']:.0f}%"
    assert deletion in page.locator("[data-check=deletion]").inner_text()
    assert page.locator(".trust polyline.by-map").count() == 2
    the_row_of_mixed_maps_is_whole(page, found)
    page.select_option("#language", "de")
    assert "Zuerst verdecken" in page.locator(".trust").inner_text()


CHECKED = {
    "baseline it says": "nothing", "hurts no more": "deletion", "tell little": "deletion",
    "helps no more": "insertion", "hardly changes": "mixed",
}  # fmt: skip


def the_row_of_mixed_maps_is_whole(page, found: dict) -> None:
    tiles = page.locator(".mixed li")
    assert tiles.count() == 1 + len(found["mixed"]) > 4
    texts = tiles.all_inner_texts()[1:]
    for text, step in zip(texts, found["mixed"], strict=True):
        assert f"{step['layers']} of {found['mixed'][-1]['layers']} layers" in text
        said = float(text.split(" alike")[0])
        assert said == pytest.approx(step["similarity"], abs=0.006)
    painted = page.locator(".mixed canvas").evaluate_all("(all) => all.map((c) => c.toDataURL())")
    assert len(set(painted)) > 2  # they differ, as the numbers do
    slide(page, "#opacity", 0)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
    bare = page.locator(".mixed canvas").evaluate_all("(all) => all.map((c) => c.toDataURL())")
    assert len(set(bare)) == 1  # the sliders move all of them
    page.locator(".trust-numbers summary").click()
    rows = page.locator(".trust-numbers table").last.locator("tbody tr")
    assert rows.locator("th").all_inner_texts() == [step["down_to"] for step in found["mixed"]]


CURVE = {"share": [0, 1], "confidence": [1, 0], "confidence_by_chance": [1, 0],
         "area": 0.2, "area_by_chance": 0.5}  # fmt: skip
UNCHANGED = {
    "baselines": [{"baseline": "black", "label": "<b>chef</b>", "leans": False,
                   "confidence": {"<b>chef</b>": 0.2}, "even": 0.2}],
    "approx_error": 0.2, "deletion": CURVE, "insertion": CURVE, "target": "chef",
    "blurred_is_enough": False,
    "mixed": [{"down_to": "scores", "layers": 1, "similarity": 0.97, "absolute": 0.97}],
    "maps": npy(np.zeros((1, 96, 128))), "warnings": [],
}  # fmt: skip
"""What a server would say about a method that does not care what was learned."""


def test_checks_can_be_stopped_a_sham_is_called_out_and_all_can_be_kept(open_page):
    page = look_at_sample(open_page)
    page.route("**/api/sanity*", lambda route: None)  # never answers
    ask = page.get_by_role("button", name="Can I trust this map?")
    ask.click()
    page.get_by_role("button", name="Stop").click()
    assert ask.evaluate("(button) => button === document.activeElement")
    page.unroute("**/api/sanity*")
    page.route("**/api/sanity*", lambda route: route.fulfill(json=UNCHANGED))
    ask.press("Enter")
    called_out = page.locator("[data-check=mixed]")
    called_out.wait_for()
    assert "Careful" in called_out.inner_text()
    assert "hardly changes! At the end it is still 0.97 alike" in called_out.inner_text()
    assert "More steps or samples" in page.locator("[data-check=parts].careful").inner_text()
    assert page.locator(".trust-summary").inner_text() == "Good signs: 2 · Careful: 3"
    assert "<b>chef</b>: 20%" in page.locator("[data-check=nothing]").inner_text()
    map_and_report_can_be_kept(page)


def map_and_report_can_be_kept(page) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the picture of Grad-CAM").click()
    picture = Image.open(download.value.path())
    assert picture.width == 640 and picture.height > 480
    with page.expect_download() as download:
        page.locator("#report").click()
    tags = Tags(Path(download.value.path()).read_text("utf-8"))
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert all(image["src"].startswith("data:image/") for image in images)
    assert sum("matters most" in image["alt"] for image in images) == 1
    # The picture, its map, an empty picture, and what was and what is left of the map.
    assert len(images) == 1 + 1 + 1 + 2
    assert not [tag for tag, _ in tags.found if tag in ("script", "link", "iframe", "canvas")]


def test_feature_maps_are_shown_and_the_smallest_peek_is_counted(open_page):
    page = look_at_sample(open_page)
    with page.expect_response(lambda response: "method=activations" in response.url) as answered:
        page.locator(".look select").first.select_option("activations")
    wait_for_looks(page, 1)
    answer = json.loads(answered.value.text().strip().splitlines()[-1])
    maps = np.load(io.BytesIO(base64.b64decode(answer["maps"])))
    tiles = page.locator(".mosaic li")
    assert tiles.count() == len(maps)
    numbers = [int(text) - 1 for text in tiles.locator("span").all_inner_texts()]
    assert numbers == answer["facts"]["channels"]
    uri = tiles.nth(2).locator("canvas").evaluate("(canvas) => canvas.toDataURL()")
    tile = np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("RGB"))
    lightest = np.unravel_index(maps[2].argmax(), maps[2].shape)
    assert tile.shape[:2] == maps[2].shape
    assert tile[lightest].tolist() == [0xFD, 0xE7, 0x25]  # the light end of viridis
    page.locator(".look-layers summary").click()
    listed = page.locator(".look-layers tbody tr")
    assert listed.count() == len(answer["facts"]["layers"])
    last = answer["facts"]["layers"][-1]
    assert listed.last.locator("th, td").all_inner_texts() == [
        last["name"], last["type"], str(last["output_shape"][0]), f"{last['parameters']:,}"
    ]  # fmt: skip
    the_smallest_peek_is_counted(page)


def the_smallest_peek_is_counted(page) -> None:
    with page.expect_response(lambda response: "method=smallest_peek" in response.url) as answered:
        page.locator(".look select").first.select_option("smallest_peek")
    facts = json.loads(answered.value.text().strip().splitlines()[-1])["facts"]
    page.locator(".look polyline.by-map").wait_for(timeout=ANSWER_MS)
    said = page.locator(".look-said").inner_text()
    assert f": {len(facts['suffices'])} of 48 (" in said
    assert f"until it says {facts['flips_curve'][-1]['label']}: {len(facts['flips'])}." in said
    points = page.locator(".look polyline.by-map").get_attribute("points").split()
    assert len(points) == len(facts["suffices_curve"])


def test_a_slow_method_shows_progress_and_can_be_stopped(open_page):
    page = look_at_sample(open_page)
    page.locator(".look select").first.select_option("shapley")
    wait_for_looks(page, 1)
    page.locator(".look summary").click()
    most = page.locator(".look-settings input[type=number]").first
    asked = []
    page.on("request", lambda request: "/explain" in request.url and asked.append(request.url))
    most.fill("1")  # the browser says what is possible
    most.press("Tab")
    assert most.evaluate("(field) => field.validity.rangeUnderflow") and not asked
    most.fill(most.get_attribute("max"))
    most.press("Tab")
    page.locator(".look progress:visible").wait_for(timeout=ANSWER_MS)
    page.get_by_role("button", name="Stop").click()
    again = page.get_by_role("button", name="Try again")
    assert again.evaluate("(button) => button === document.activeElement")
    assert page.locator(".look[data-state=stopped]").count() == 1


@pytest.mark.parametrize("path", ["methods", "explain"])
def test_what_went_wrong_can_be_tried_again(open_page, path):
    page = open_page("/look-inside")
    page.route(f"**/api/{path}*", lambda route: route.abort())
    page.locator("[data-sample]").first.click()
    page.locator(".look[data-state=failed]").wait_for()
    assert "Peekaboo is not answering" in page.locator(".look .notice").inner_text()
    page.unroute(f"**/api/{path}*")
    page.get_by_role("button", name="Try again").click()
    wait_for_looks(page, 1)


class Tags(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_keyboard_alone(open_page):
    page = open_page("/look-inside")
    page.locator("[data-sample]").first.focus()
    page.keyboard.press("Enter")
    wait_for_looks(page, 1)
    page.locator("#opacity").focus()
    page.keyboard.press("Home")
    assert page.locator("#opacity-value").inner_text() == "0%"
    page.locator("#add").focus()
    page.keyboard.press("Enter")
    method = page.locator(".look").nth(1).locator("select").first
    assert method.evaluate("(select) => select === document.activeElement")


@pytest.mark.parametrize("language", ["en-GB", "ar"])
def test_fits_a_phone(open_page, language):
    page = look_at_sample(open_page, width=360, height=740, language=language)
    page.locator(".look summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_every_control_has_a_name(open_page):
    page = look_at_sample(open_page)
    nameless = page.locator("button, input, select, canvas[role=img]").evaluate_all(
        """(all) => all.filter((one) => !one.hidden && !one.closest('[hidden]')
             && !(one.getAttribute('aria-label') || one.labels?.length || one.textContent.trim()
                  || one.querySelector('img')?.alt))
             .map((one) => one.outerHTML)"""
    )
    assert nameless == []


def test_settings_and_warnings_are_said_in_the_language_in_use(open_page):
    page = look_at_sample(open_page)
    page.locator(".look select").first.select_option("smallest_peek")
    page.locator(".look polyline.by-map").wait_for(timeout=ANSWER_MS)
    assert "chosen one at a time" in page.locator(".look-warnings").inner_text()
    page.select_option("#language", "de")
    assert "einzeln gewählt" in page.locator(".look-warnings").inner_text()
    page.locator(".look summary").click()
    cover = page.get_by_label("Verdecken mit")
    assert cover.locator("option").nth(4).inner_text() == "Unschärfe"
    with page.expect_request(lambda request: "/api/explain" in request.url) as asked:
        cover.select_option("blur")
    assert "cover=blur" in asked.value.url


def test_pictures_to_compare_with_can_be_chosen(open_page, tmp_path):
    page = look_at_sample(open_page)
    page.locator(".look select").first.select_option("expected_gradients")
    wait_for_looks(page, 1)
    files = [tmp_path / f"{level}.png" for level in (0, 255)]
    for level, file in zip((0, 255), files, strict=True):
        Image.new("RGB", (128, 96), (level, level, level)).save(file)
    files.append(tmp_path / "drawing.svg")
    files[-1].write_text('<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"/>')
    page.locator(".look summary").click()
    with page.expect_response(lambda response: "/api/explain" in response.url) as answered:
        page.get_by_label("Pictures to compare with").set_input_files(files)
    result = json.loads(answered.value.text().strip().splitlines()[-1])
    assert result["facts"]["references"] == 3 and result["verdict"] == "found"
    wait_for_looks(page, 1)


def test_every_setting_and_warning_has_its_words(anywhere):
    known = anywhere.evaluate(
        "import('/pages/words.js').then((words) => Object.keys(words.WORDS.en))"
    )
    methods = anywhere.evaluate("fetch('/api/methods').then((answer) => answer.json())")["methods"]
    settings = [setting for method in methods for setting in method["settings"]]
    assert {f"setting.{setting['name']}" for setting in settings} == {
        key for key in known if key.startswith("setting.")
    }
    for setting in settings:
        own = "baseline" if setting["name"] == "baselines" else setting["name"]
        for option in setting.get("options", []):
            assert f"{own}.{option}" in known or f"option.{option}" in known
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "backend").rglob("*.py"))
    codes = set(re.findall(r'Caution\(\s*"(\w+)"', sources))
    assert {f"warning.{code}" for code in codes} == {
        key for key in known if key.startswith("warning.")
    }


def test_a_dropped_project_is_no_classifier_here_either(open_page):
    page = open_page("/look-inside")
    page.locator("[data-sample]").first.wait_for()
    drop_bytes(page, ("pets.tm", b"any bytes"))
    page.get_by_text("pets.tm holds the pictures of a project").wait_for()


def test_a_classifier_without_its_weights_is_checked_in_part(open_page):
    page = look_at_sample(open_page)
    helps = CURVE | {"area": 0.6, "confidence": [1, 1]}  # more than chance, and yet no sign
    unseen = {"mixed": [], "maps": None}
    answer = UNCHANGED | unseen | {"insertion": helps, "blurred_is_enough": True}
    page.route("**/api/sanity*", lambda route: route.fulfill(json=answer))
    page.get_by_role("button", name="Can I trust this map?").click()
    unchecked = page.locator("[data-check=mixed].unchecked")
    unchecked.wait_for()
    assert "Not checked" in unchecked.inner_text() and "Keras" in unchecked.inner_text()
    deletion = page.locator("[data-check=deletion].careful")
    assert "blurred it is 100% sure of chef" in deletion.inner_text()
    assert "faster than by chance" in page.locator("[data-check=insertion].careful").inner_text()
    assert page.locator(".trust-summary").inner_text() == "Good signs: 1 · Careful: 3"


def test_large_feature_maps_are_drawn(anywhere):
    drawn = anywhere.evaluate(
        """async () => {
          const { mosaic } = await import('/pages/mosaic.js');
          const { Colours } = await import('/pages/heat.js');
          const { viridis } = await (await fetch('/colours.json')).json();
          const values = Float32Array.from({ length: 512 * 512 }, (_, at) => (at % 512) - 100);
          const maps = { count: 1, height: 512, width: 512, values };
          const canvas = mosaic(maps, [0], new Colours(viridis)).querySelector('canvas');
          const row = canvas.getContext('2d').getImageData(0, 511, 512, 1).data;
          return { first: [...row.slice(0, 3)], last: [...row.slice(-4, -1)] };
        }"""
    )
    table = COLOURS["viridis"].table.astype(int)
    np.testing.assert_allclose(drawn["first"], table[0])
    np.testing.assert_allclose(drawn["last"], table[-1])


def test_before_there_is_a_picture_its_place_fills_its_card(open_page):
    page = open_page("/look-inside")
    place, card = (page.locator(one).bounding_box() for one in (".drop", ".stage"))
    assert card["height"] - place["height"] < 40
