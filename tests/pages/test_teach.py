"""“Teach your own”: pictures reach the server, it teaches, and the page shows what it says."""

import io
import json
import re
import urllib.parse
import urllib.request
import zipfile
from urllib.error import HTTPError

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from backend.teaching.lesson import USUAL_EPOCHS
from tests.pages.dropping import drop_bytes
from tests.pages.holding import Held

pytestmark = pytest.mark.browser
TEACHING_MS = 300_000


def ask(server, path: str, body=None, method=None, kind="application/json"):
    """JSON of an answer; dictionaries are sent as JSON, bytes as they are."""
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(
        server.address + path, content, {"Content-Type": kind} if content else {}, method=method
    )
    return json.load(urllib.request.urlopen(request))


def ask_nothing(server, path: str, method: str) -> None:
    """For requests that are answered with nothing."""
    urllib.request.urlopen(urllib.request.Request(server.address + path, method=method)).close()


def striped(down: bool, seed: int, colour=(200, 60, 40)) -> bytes:
    """A picture of stripes, upright or lying, that differs a little for every seed."""
    dice = np.random.default_rng(seed)
    place = np.indices((96, 96))[1 if down else 0] + dice.integers(0, 16)
    stripes = (place // 8 % 2)[..., None] * np.array(colour) + dice.integers(0, 50, (96, 96, 3))
    stream = io.BytesIO()
    Image.fromarray(stripes.clip(0, 255).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


class Collection:
    """A collection on the server, as the HTTP interface tells of it."""

    def __init__(self, server, name: str):
        self.server = server
        self.name = name
        self.id = ask(server, "/api/collections", {"name": name})["id"]
        self.path = "/api/collections/" + self.id

    def add(self, label: str, *pictures: bytes) -> None:
        ask(self.server, self.path + "/labels", {"label": label})
        query = urllib.parse.urlencode({"label": label})
        for picture in pictures:
            ask(self.server, f"{self.path}/pictures?{query}", picture, kind="image/png")

    def counts(self) -> dict[str, int]:
        labels = ask(self.server, self.path)["labels"]
        return {each["label"]: each["count"] for each in labels}

    def picture(self, label: str, index: int) -> Image.Image:
        labels = ask(self.server, self.path)["labels"]
        pictures = next(each["pictures"] for each in labels if each["label"] == label)
        content = urllib.request.urlopen(self.server.address + pictures[index]["url"]).read()
        return Image.open(io.BytesIO(content))


@pytest.fixture
def collection(server, request) -> Collection:
    return Collection(server, request.node.name[:50])


@pytest.fixture
def teach(open_page, collection):
    """A function that opens the page with the collection of this test."""

    def open_collection(**settings):
        page = open_page("/teach?collection=" + urllib.parse.quote(collection.id), **settings)
        page.locator("#teach[data-state=ready]").wait_for()
        return page

    return open_collection


def box(page, label: str):
    return page.locator(f".label-card[data-label={json.dumps(label, ensure_ascii=False)}]")


def as_files(*contents: bytes) -> list[dict]:
    return [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": content}
        for number, content in enumerate(contents)
    ]


def test_label_and_files_reach_the_server_and_are_shown(teach, collection):
    page = teach()
    page.get_by_label("What should it know?").fill("شاي / tea 🫖")
    page.keyboard.press("Enter")
    box(page, "شاي / tea 🫖").wait_for()
    pictures = [striped(True, seed) for seed in range(11)]
    box(page, "شاي / tea 🫖").locator("input[type=file]").set_input_files(as_files(*pictures))
    expect(box(page, "شاي / tea 🫖").locator(".thumbnail")).to_have_count(11)
    assert collection.counts() == {"شاي / tea 🫖": 11}
    expect(box(page, "شاي / tea 🫖").locator(".label-count")).to_have_text("Pictures: 11")
    picture = "document.querySelector('.thumbnail img')"
    page.wait_for_function(f"() => {picture}.complete && {picture}.naturalWidth > 0")


def test_files_that_are_no_pictures_are_named_and_the_others_arrive(teach, collection):
    collection.add("cat")
    page = teach()
    files = as_files(striped(True, 1), b"\x89PNG\r\n\x1a\nbroken", striped(False, 2))
    files.append({"name": "list.txt", "mimeType": "text/plain", "buffer": b"cat"})
    box(page, "cat").locator("input[type=file]").set_input_files(files)
    notice = page.locator("#adding .notice")
    notice.wait_for()
    assert "1.png" in notice.inner_text()
    assert "list.txt" in notice.inner_text()
    assert "Left out: 2" in notice.inner_text()
    assert collection.counts() == {"cat": 2}


def test_costume_of_scratch_arrives_in_pixels(teach, collection):
    collection.add("cat")
    page = teach()
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"/>'
    files = [{"name": "costume.svg", "mimeType": "image/svg+xml", "buffer": drawing}]
    box(page, "cat").locator("input[type=file]").set_input_files(files)
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(1)
    assert collection.counts() == {"cat": 1}


def test_photo_of_a_telephone_arrives(teach, collection):
    collection.add("cat")
    page = teach()
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 100, 50)).save(stream, "HEIF", quality=100)
    drop_bytes(page, ("IMG_0001.HEIC", stream.getvalue()), on=".label-card")
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(1)
    pixels = np.asarray(collection.picture("cat", 0).convert("RGB")).astype(int)
    assert pixels.shape == (48, 64, 3)
    assert np.abs(pixels - (200, 100, 50)).max() < 8


def test_folder_of_folders_becomes_labels(teach, collection, tmp_path):
    for label in ("up", "down"):
        (tmp_path / "all" / label).mkdir(parents=True)
        for seed in range(3):
            (tmp_path / "all" / label / f"{seed}.png").write_bytes(striped(label == "up", seed))
    page = teach()
    page.locator("#folder-input").set_input_files(tmp_path / "all")
    expect(box(page, "up").locator(".thumbnail")).to_have_count(3)
    expect(box(page, "down").locator(".thumbnail")).to_have_count(3)
    assert collection.counts() == {"up": 3, "down": 3}


def test_pictures_dropped_beside_the_boxes_are_asked_about(teach, collection):
    collection.add("cat")
    page = teach()
    drop_bytes(page, ("cat.png", striped(True, 1)))
    page.get_by_text("Drop them on its box.").wait_for()
    assert collection.counts() == {"cat": 0}


def test_pictures_dropped_on_a_box_are_added_there_and_once(teach, collection):
    collection.add("cat")
    collection.add("dog")
    page = teach()
    drop_bytes(page, ("cat.png", striped(True, 1)), on='.label-card[data-label="dog"]')
    expect(box(page, "dog").locator(".thumbnail")).to_have_count(1)
    page.wait_for_timeout(300)
    assert collection.counts() == {"cat": 0, "dog": 1}


def test_dropped_zip_becomes_a_collection_of_its_own(teach, server):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("sea/whale/1.png", striped(True, 1))
        archive.writestr("sea/squid/1.png", striped(False, 2))
    page = teach()
    drop_bytes(page, ("sea.zip", stream.getvalue()))
    expect(box(page, "whale").locator(".thumbnail")).to_have_count(1)
    expect(box(page, "squid").locator(".thumbnail")).to_have_count(1)
    chosen = page.locator("#collection").input_value()
    assert {each["label"] for each in ask(server, "/api/collections/" + chosen)["labels"]} == {
        "whale",
        "squid",
    }


def open_camera(page, label: str):
    box(page, label).get_by_role("button", name="Camera", exact=True).click()
    record = page.get_by_role("button", name="Hold to record")
    expect(record).to_be_enabled()
    return record


COUNT_TAKEN = """() => {
  const { toBlob } = HTMLCanvasElement.prototype;
  window.taken = 0;
  HTMLCanvasElement.prototype.toBlob = function (...settings) {
    window.taken++;
    return toBlob.apply(this, settings);
  };
}"""
"""A picture that was taken may still be on its way to the server when the button is let go."""


def test_holding_the_button_records_and_a_closed_tab_loses_nothing(teach, collection):
    collection.add("me")
    page = teach()
    record = open_camera(page, "me")
    record.hover()
    page.evaluate(COUNT_TAKEN)
    page.mouse.down()
    page.locator(".thumbnail").nth(3).wait_for()
    page.mouse.up()
    shown = page.evaluate("window.taken")
    page.wait_for_timeout(600)
    assert page.evaluate("window.taken") == shown  # let go: no more are taken
    expect(page.locator(".thumbnail")).to_have_count(shown)
    page.close()
    assert collection.counts() == {"me": shown}
    picture = collection.picture("me", 0)
    assert picture.width == picture.height
    assert np.ptp(np.asarray(picture.convert("L"))) > 20  # not an empty frame
    again = teach()
    expect(again.locator(".thumbnail")).to_have_count(shown)


def test_space_held_down_records_too_and_the_camera_can_be_closed(teach, collection):
    collection.add("me")
    page = teach()
    open_camera(page, "me").focus()
    page.keyboard.down(" ")
    page.locator(".thumbnail").nth(1).wait_for()
    page.keyboard.up(" ")
    page.get_by_role("button", name="Close the camera").click()
    expect(page.locator("video")).to_have_count(0)
    assert collection.counts()["me"] >= 2


REFUSE = """(name) => {
  const refuse = async () => { throw new DOMException('no', name); };
  Object.defineProperty(navigator, 'mediaDevices', {
    value: name ? { getUserMedia: refuse } : undefined,
  });
}"""


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "only to the computer on which Peekaboo runs"),  # plain http, another computer
        ("NotAllowedError", "allow it"),
        ("NotFoundError", "Plug one in"),
        ("NotReadableError", "another program"),
    ],
)
def test_refused_camera_says_why(teach, collection, reason, words):
    collection.add("me")
    page = teach()
    page.evaluate(REFUSE, reason)
    box(page, "me").get_by_role("button", name="Camera", exact=True).click()
    assert words in page.locator("#problem .notice").inner_text()
    assert page.locator("#problem .notice strong").get_attribute("dir") == "auto"


def test_rename_delete_and_bring_back(teach, collection):
    collection.add("kat", striped(True, 1), striped(True, 2))
    collection.add("dog", striped(False, 3))
    page = teach()
    box(page, "kat").get_by_label("Name of this label").fill("cat")
    page.keyboard.press("Enter")
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(2)
    assert collection.counts() == {"cat": 2, "dog": 1}

    box(page, "cat").locator(".thumbnail").first.hover()
    box(page, "cat").get_by_role("button", name="Delete this picture").first.click()
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(1)
    assert collection.counts() == {"cat": 1, "dog": 1}
    page.get_by_role("button", name="Bring it back").click()
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(2)

    delete = box(page, "dog").get_by_role("button", name="Delete dog and its pictures")
    expect(delete).to_have_attribute("title", "Delete dog and its pictures")
    delete.click()
    expect(box(page, "dog")).to_have_count(0)
    expect(page.locator("#undo")).to_be_focused()
    assert collection.counts() == {"cat": 2}
    page.keyboard.press("Control+z")
    expect(box(page, "dog").locator(".thumbnail")).to_have_count(1)
    assert collection.counts() == {"cat": 2, "dog": 1}


def test_name_that_is_taken_is_refused_kindly_and_the_old_one_stays(teach, collection):
    collection.add("cat", striped(True, 1))
    collection.add("dog", striped(False, 3))
    page = teach()
    box(page, "dog").get_by_label("Name of this label").fill("cat")
    page.keyboard.press("Enter")
    page.locator("#problem .notice").wait_for()
    assert box(page, "dog").get_by_label("Name of this label").input_value() == "dog"
    assert collection.counts() == {"cat": 1, "dog": 1}


def test_a_double_click_adds_one_box(teach, collection):
    page = teach()
    page.locator("#new-label").fill("cat")
    page.get_by_role("button", name="Add a box").dblclick()
    expect(box(page, "cat")).to_have_count(1)
    expect(page.locator("#problem .notice")).to_have_count(0)
    page.locator("#new-label").fill("cat")
    page.keyboard.press("Enter")
    page.locator("#problem .notice").wait_for()
    assert page.locator("#new-label").input_value() == "cat"  # to be changed, not typed again
    assert collection.counts() == {"cat": 0}


def test_odd_numbers_are_refused_beside_their_field(teach, stripes):
    page = teach()
    page.locator("#teach details", has=page.locator("#epochs")).locator("summary").first.click()
    lessons = page.locator("#epochs")
    for way, usual in USUAL_EPOCHS.items():
        page.locator(f"[name=way][value={way}]").check(force=True)
        expect(lessons).to_have_attribute("placeholder", str(usual))
    for odd in ("0", "-5", "501", "1.5"):
        lessons.fill(odd)
        page.get_by_role("button", name="Teach it!").click()
        expect(lessons).to_be_focused()
        assert not lessons.evaluate("field => field.validity.valid")
    with pytest.raises(HTTPError, match="404"):  # nothing was begun
        ask(stripes.server, stripes.path + "/training")


def test_pictures_that_blocks_add_appear_by_themselves(teach, collection):
    collection.add("cat")
    page = teach()
    collection.add("dog", striped(True, 1))
    expect(box(page, "dog").locator(".thumbnail")).to_have_count(1, timeout=10_000)


def test_collection_is_made_renamed_and_deleted_after_asking(teach, server):
    page = teach()
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="New collection").click()
    expect(page.locator(".label-card")).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Robots")
    page.keyboard.press("Tab")
    expect(page.locator("#collection option:checked")).to_have_text("Robots")
    chosen = page.locator("#collection").input_value()
    page.get_by_role("button", name="Delete it").click()
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.locator("#collection option:checked")).not_to_have_text("Robots")
    left = [each["id"] for each in ask(server, "/api/collections")["collections"]]
    assert chosen not in left


def test_more_closes_with_escape_and_with_a_click_elsewhere(teach, collection):
    page = teach()
    more = page.locator(".collection details")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        more.locator("summary").click()
        page.locator("#collection-name").click()
        expect(more).to_have_attribute("open", "")
        close()
        expect(more).not_to_have_attribute("open", "")


def test_an_offer_that_was_put_away_stays_away_until_more_is_deleted(teach, collection):
    collection.add("cat", striped(True, 1), striped(True, 2), striped(True, 3))
    page = teach()
    offer = page.locator("#undo-bar")
    remove = box(page, "cat").get_by_role("button", name="Delete this picture").first
    remove.click(force=True)
    offer.get_by_role("button", name="Close").click()
    expect(offer).to_be_hidden()
    page.reload()
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(2)
    expect(offer).to_be_hidden()
    remove.click(force=True)
    expect(offer).to_be_visible()
    page.reload()
    expect(offer).to_be_visible()


def test_where_nothing_points_buttons_do_not_hide_pictures(teach, collection):
    collection.add("cat", striped(True, 1))
    page = teach(has_touch=True, is_mobile=True)
    picture = page.locator(".thumbnail img").bounding_box()
    for name in ("Watch this picture in the film", "Delete this picture"):
        button = page.get_by_role("button", name=name)
        assert button.bounding_box()["y"] >= picture["y"] + picture["height"]
        assert min(button.bounding_box()[side] for side in ("width", "height")) >= 40
    page.get_by_role("button", name="Delete this picture").tap()
    expect(page.locator(".thumbnail")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_narrow_screens_never_scroll_sideways(teach, collection, language):
    collection.add("an extraordinarily long label " * 8, striped(True, 1))
    collection.add("dog", striped(False, 3))
    page = teach(width=360, height=740, language=language)
    page.locator(".thumbnail").nth(1).wait_for()
    page.locator(".teaching summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_everything_can_be_done_with_the_keyboard(teach, collection):
    collection.add("cat", striped(True, 1))
    page = teach()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.ariaLabel || document.activeElement.textContent.trim()"
                " || document.activeElement.id"
            )
        )
    assert {
        "Name of this label",
        "Delete cat and its pictures",
        "Camera",
        "Files",
        "Add a box",
    } <= reached
    # The pictures are one stop; keys do the rest, as the label of their list says.
    assert not {"Watch this picture in the film", "Delete this picture"} & reached


@pytest.fixture
def stripes(collection) -> Collection:
    """Ten upright and ten lying stripes."""
    for label, down in (("upright", True), ("lying", False)):
        collection.add(label, *(striped(down, seed) for seed in range(10)))
    return collection


def teach_it(page, lessons: int) -> None:
    page.locator(".teaching summary").click()
    page.get_by_label("Lessons").fill(str(lessons))
    page.get_by_role("button", name="Teach it!").click()


def test_one_label_cannot_be_taught(teach, collection):
    collection.add("upright", striped(True, 1))
    collection.add("lying")
    page = teach()
    expect(page.get_by_role("button", name="Teach it!")).to_be_disabled()
    page.get_by_text("It needs at least two labels with pictures.").wait_for()
    box(page, "lying").locator("input[type=file]").set_input_files(as_files(striped(False, 1)))
    expect(page.get_by_role("button", name="Teach it!")).to_be_enabled()


def test_checks_say_what_the_server_says_with_its_pictures(teach, collection, server):
    same = striped(True, 1)
    collection.add("upright", same)
    collection.add("lying", same, striped(False, 2))
    found = ask(server, collection.path + "/checks")["checks"]
    assert found
    page = teach()
    expect(page.locator(".check")).to_have_count(len(found), timeout=10_000)
    assert page.locator(".check strong").all_inner_texts() == [one["message"] for one in found]
    assert "same_in_two_labels" in {one["code"] for one in found}
    shown = page.locator(".check[data-check=same_in_two_labels] img")
    expect(shown).to_have_count(2)


def test_teaching_brings_a_model_its_film_and_its_review(teach, stripes, server):
    page = teach()
    box(page, "lying").locator(".thumbnail").first.hover()
    box(page, "lying").get_by_role("button", name="Watch this picture in the film").first.click()
    teach_it(page, 4)
    page.get_by_text("It has learned!").wait_for(timeout=TEACHING_MS)
    job = ask(server, stripes.path + "/training")
    models = ask(server, "/api/models")["models"]
    assert job["model"] in {model["id"] for model in models}
    link = page.get_by_role("link", name="Try it")
    assert link.get_attribute("href") == f"/try?model={job['model']}"
    link = page.get_by_role("link", name="Open Scratch")
    assert link.get_attribute("href") == f"/editor?collection={stripes.id}&title={stripes.name}"

    film = ask(server, stripes.path + "/film")
    page.locator(".probes .probe").first.wait_for()
    assert [probe["label"] for probe in film["probes"]] == ["lying"]
    assert page.locator("#film-slider").get_attribute("max") == str(len(film["epochs"]) - 1)
    for place in (0, len(film["epochs"]) - 1):
        page.locator("#film-slider").fill(str(place))
        frame = film["epochs"][place]["frames"][0]
        shown = page.eval_on_selector_all(
            ".probes .probe-squares i",
            "all => all.map((square) => 100 * (1 - square.style.opacity))",
        )
        assert shown == pytest.approx([ghost for row in frame["ghost"] for ghost in row], abs=0.1)
        first = page.locator(".probes .bar").first.inner_text()
        assert frame["top"][0]["label"] in first
        percent = float(first.split()[-1].rstrip("%"))
        assert percent == pytest.approx(100 * frame["top"][0]["confidence"], abs=0.5)

    review = ask(server, stripes.path + "/review")
    expect(page.locator("#step-review")).to_be_visible()
    cells = page.locator("#confusion td.right, #confusion td.wrong").all_inner_texts()
    assert [int(cell) for cell in cells] == [n for row in review["confusion"] for n in row]
    row, column = next(
        (row, column) for row in (0, 1) for column in (0, 1) if review["confusion"][row][column]
    )
    page.locator("#confusion tr").nth(row + 1).locator("td").nth(column).get_by_role(
        "button"
    ).click()
    expect(page.locator("#cell img")).to_have_count(review["confusion"][row][column])

    gone = film["probes"][0]["name"]
    ask_nothing(server, f"{stripes.path}/pictures/{gone}", "DELETE")
    page.reload()
    page.locator(".probe", has_text="This picture was deleted.").wait_for()
    since = page.get_by_text("You have changed its examples since: teach it again!")
    since.wait_for()
    page.get_by_role("button", name="Bring it back").click()
    page.get_by_text("It has learned!").wait_for()
    stripes.add("another", striped(True, 99))
    since.wait_for()  # seen by itself, as what blocks in Scratch do

    page.get_by_role("link", name="Try it").click()
    samples = page.locator("[data-sample]")
    samples.first.wait_for()
    offered = [sample.get_attribute("data-sample") for sample in samples.all()]
    labels = ask(server, stripes.path)["labels"]
    assert offered[:3] == [label["pictures"][0]["name"] for label in labels]
    assert "wizard-1" in offered
    samples.first.click()
    page.locator("#try[data-state=ready]").wait_for()
    page.select_option("#model", "parade")
    expect(page.locator(f"[data-sample='{offered[0]}']")).to_have_count(0)


def test_teaching_can_be_stopped_and_gone_on_with_after_the_page_was_closed(teach, stripes):
    page = teach()
    teach_it(page, 400)
    lesson = page.locator("#teach-progress").get_by_text(re.compile(r"Lesson [1-9]"))
    lesson.wait_for(timeout=TEACHING_MS)
    page.close()
    again = teach()
    again.get_by_role("button", name="Stop").click()
    again.get_by_text("Stopped.").wait_for(timeout=TEACHING_MS)
    again.get_by_role("button", name="Go on").click()
    again.get_by_role("button", name="Stop").wait_for()
    again.get_by_role("button", name="Stop").click()
    again.get_by_text("Stopped.").wait_for(timeout=TEACHING_MS)


def test_painted_mask_is_what_the_server_keeps(teach, collection, server):
    collection.add("upright", striped(True, 1), striped(True, 2))
    page = teach()
    box(page, "upright").locator(".thumbnail .large").last.click()
    canvas = page.locator("#large-mask")
    canvas.wait_for()
    edge = canvas.bounding_box()
    page.get_by_role("radio", name="Rub out").check()
    for share in np.linspace(0, 1, 16):
        y = edge["y"] + share * edge["height"]
        page.mouse.move(edge["x"] + 1, y)
        page.mouse.down()
        page.mouse.move(edge["x"] + edge["width"] - 1, y)
        page.mouse.up()
    page.get_by_role("radio", name="Paint").check()
    page.mouse.move(edge["x"] + edge["width"] * 0.75, edge["y"] + edge["height"] * 0.25)
    page.mouse.down()
    page.mouse.up()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#large")).to_be_hidden()
    name = ask(server, collection.path)["labels"][0]["pictures"][0]["name"]
    path = f"{collection.path}/pictures/{urllib.parse.quote(name)}/mask"
    kept = np.asarray(Image.open(urllib.request.urlopen(server.address + path)).convert("L")) > 127
    assert kept[24, 72]
    assert not kept[72, 24]
    assert not kept[24, 24]
    assert kept.mean() < 0.05


def test_masks_can_be_painted_with_keys_and_focus_stays_after_deleting(teach, collection, server):
    collection.add("upright", *(striped(True, seed) for seed in (1, 2, 3)))
    page = teach()
    names = [one["name"] for one in ask(server, collection.path)["labels"][0]["pictures"]]
    newest = box(page, "upright").locator(".thumbnail").first
    newest.locator(".large").focus()
    page.keyboard.press("Delete")
    expect(box(page, "upright").locator(".thumbnail")).to_have_count(2)
    focused = page.locator(".thumbnail .large:focus")
    expect(focused).to_have_count(1)
    assert focused.locator("..").get_attribute("data-name") == names[1]

    page.keyboard.press("ArrowRight")
    assert focused.locator("..").get_attribute("data-name") == names[0]
    page.keyboard.press("w")
    watched = page.locator(".watch[aria-pressed=true]")
    assert watched.locator("..").get_attribute("data-name") == names[0]
    page.keyboard.press("Tab")  # The pictures are one stop: whoever comes back is where they were.
    expect(page.locator(".thumbnail :focus")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    assert focused.locator("..").get_attribute("data-name") == names[0]
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    canvas = page.locator("#large-mask")
    canvas.wait_for()
    for _ in range(8):
        if canvas.evaluate("(it) => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(page.locator("#mask-brush")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.keyboard.down(" ")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.up(" ")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator("#large")).to_be_hidden()
    path = f"{collection.path}/pictures/{urllib.parse.quote(names[1])}/mask"
    kept = np.asarray(Image.open(urllib.request.urlopen(server.address + path)).convert("L")) > 127
    assert kept[48, 78]
    assert kept[63, 78]
    assert not kept[20, 78]
    assert not kept[48, 20]


def test_a_new_lesson_hides_what_came_of_the_one_before(teach, stripes):
    page = teach()
    teach_it(page, 2)
    expect(page.locator("#step-review")).to_be_visible(timeout=TEACHING_MS)
    expect(page.locator("#step-use")).to_be_visible()
    page.get_by_label("Lessons").fill("500")
    page.click("#teach-go")
    page.locator("#teach-stop").wait_for()
    for step in ("#step-review", "#step-use"):
        expect(page.locator(step)).to_be_hidden()
    page.click("#teach-stop")
    # It was not taught to its end: there is still what was taught before.
    for step in ("#step-review", "#step-use"):
        expect(page.locator(step)).to_be_visible(timeout=TEACHING_MS)


JOB = {
    "state": "running", "stage": "teaching", "epoch": 1, "epochs": 9, "accuracy": None,
    "seconds_left": None, "model": None, "error": None, "resumable": False,
}  # fmt: skip
"""A lesson as the server tells of it."""
FAILED = JOB | {
    "state": "failed",
    "error": {"code": "teaching_stopped", "message": "English words", "hint": "English hint"},
}


def test_why_a_lesson_failed_is_said_once_and_in_the_language_in_use(teach, stripes):
    page = teach(language="de-DE")
    page.route(f"**{stripes.path}/training", lambda route: route.fulfill(json=FAILED))
    page.locator("#teach-go").click()
    said = page.locator("#problem .notice")
    said.wait_for()
    words = page.evaluate(
        "() => import('/pages/words.js').then(({ WORDS }) => WORDS.de['error.teaching_stopped'])"
    )
    assert said.locator("strong").inner_text() == words
    page.locator("#problem").evaluate("(problem) => problem.replaceChildren()")
    page.select_option("#language", "fr")
    expect(page.locator("#teach-go")).to_be_visible()
    assert said.count() == 0


def test_a_server_that_is_away_during_a_lesson_is_told_by_the_banner_alone(teach, stripes):
    page = teach()
    page.route(f"**{stripes.path}/training", lambda route: route.fulfill(json=JOB))
    page.get_by_role("button", name="Teach it!").click()
    page.locator("#teach-stop").wait_for()
    away = Held(page, f"**{stripes.path}/training")
    away.wait()
    away.abort()
    with page.expect_response(f"**{stripes.path}/training"):
        pass  # it goes on asking
    assert page.locator("#problem .notice").count() == 0


def test_a_double_click_teaches_once(teach, stripes):
    page = teach()
    page.route(f"**{stripes.path}/training", lambda route: route.fulfill(json=JOB))
    late = Held(page, f"**{stripes.path}/training")
    page.get_by_role("button", name="Teach it!").dblclick()
    late.wait()
    late.go()
    page.locator("#teach-stop").wait_for()
    assert [route.request.method for route in late.routes] == ["POST"]


def test_a_mask_that_cannot_be_kept_stays_and_the_dialog_says_why(teach, collection):
    collection.add("upright", striped(True, 1))
    page = teach()
    box(page, "upright").locator(".thumbnail .large").click()
    keep = page.get_by_role("button", name="Keep it")
    lost = Held(page, "**/mask", lambda request: request.method == "PUT")
    keep.click()
    lost.wait()
    lost.abort()
    said = page.locator("#large .notice.problem")
    expect(said).to_contain_text("not answering")
    expect(page.locator("#large-mask")).to_be_visible()
    keep.click()
    expect(page.locator("#large")).to_be_hidden()
    box(page, "upright").locator(".thumbnail .large").click()
    page.locator("#large-mask").wait_for()
    expect(said).to_have_count(0)


@pytest.mark.parametrize(
    ("key", "code", "is_watched"),
    [
        ("w", "KeyZ", True),  # AZERTY
        ("z", "KeyW", False),
        ("W", "KeyW", True),
        ("ص", "KeyW", True),  # Arabic: the key where W would be
    ],
)
def test_the_key_that_watches_is_the_one_that_says_so(teach, collection, key, code, is_watched):
    collection.add("cat", striped(True, 1))
    page = teach()
    picture = page.locator(".thumbnail .large")
    picture.dispatch_event("keydown", {"key": key, "code": code, "bubbles": True})
    watch = page.locator(".thumbnail .watch")
    assert watch.get_attribute("aria-pressed") == str(is_watched).lower()


def test_pictures_speak_the_language_in_use_and_name_their_label(teach, collection):
    collection.add("kat", striped(True, 1))
    page = teach()
    picture = page.locator(".thumbnail img")
    expect(picture).to_have_attribute("alt", "A picture of kat")
    page.select_option("#language", "de")
    for button in (".watch", ".remove"):
        text = page.locator(f".thumbnail {button}").get_attribute("aria-label")
        assert "Bild" in text
        assert page.locator(f".thumbnail {button}").get_attribute("title") == text
    box(page, "kat").locator(".label-name").fill("cat")
    page.keyboard.press("Enter")
    expect(box(page, "cat")).to_have_count(1)
    expect(picture).to_have_attribute("alt", re.compile("cat"))


NO_STORAGE = """
for (const name of ['sessionStorage', 'localStorage']) {
  Object.defineProperty(globalThis, name, {
    get() { throw new DOMException('denied', 'SecurityError'); },
  });
}"""


def test_where_nothing_may_be_kept_everything_works_all_the_same(teach, collection):
    collection.add("cat", striped(True, 1), striped(True, 2), striped(True, 3))
    page = teach()
    page.add_init_script(NO_STORAGE)
    page.reload()
    remove = box(page, "cat").get_by_role("button", name="Delete this picture").first
    remove.click(force=True)
    expect(page.locator(".thumbnail")).to_have_count(2)
    offer = page.locator("#undo-bar")
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="Close").click()
    expect(offer).to_be_hidden()
    remove.click(force=True)
    expect(offer).to_be_visible()
    page.reload()
    expect(page.locator(".thumbnail")).to_have_count(1)


def test_a_double_click_deletes_one_box_and_makes_one_collection(teach, collection, server):
    for label in "abc":
        collection.add(label)
    page = teach()
    box(page, "a").get_by_role("button", name="Delete a and its pictures").dblclick(delay=50)
    expect(page.locator("#labels > li")).to_have_count(2)
    assert not page.locator(".notice.problem").is_visible()

    before = len(ask(server, "/api/collections")["collections"])
    page.get_by_text("More", exact=True).click()
    page.locator("#collection-new").dblclick(delay=50)
    expect(page.locator("#collection option")).to_have_count(before + 1)
    page.wait_for_load_state("networkidle")
    assert len(ask(server, "/api/collections")["collections"]) == before + 1


def test_a_page_that_comes_in_the_middle_of_a_lesson_hides_what_is_older(teach, stripes):
    page = teach()
    teach_it(page, 2)
    expect(page.locator("#step-review")).to_be_visible(timeout=TEACHING_MS)
    page.get_by_label("Lessons").fill("500")
    page.click("#teach-go")
    page.locator("#teach-stop").wait_for()
    page.reload()
    page.locator("#teach-stop").wait_for()
    page.wait_for_load_state("networkidle")
    for step in ("#step-review", "#step-use"):
        expect(page.locator(step)).to_be_hidden()
    page.click("#teach-stop")
    expect(page.locator("#step-use")).to_be_visible(timeout=TEACHING_MS)
