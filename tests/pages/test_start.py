"""The start page, in a real browser against the real server."""

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import started_server
from tests.pages.dropping import drop, drop_bytes
from tests.pages.holding import Held

pytestmark = pytest.mark.browser
IMPORT_MS = 180_000
PARADE_FILE = Path(__file__).parents[2] / "backend" / "parade" / "classifier.tflite"


def models(server) -> dict:
    return json.load(urllib.request.urlopen(server.address + "/api/models"))


def delete(server, model_id: str) -> None:
    request = urllib.request.Request(f"{server.address}/api/models/{model_id}", method="DELETE")
    urllib.request.urlopen(request)


def test_four_cards_lead_to_scratch_to_teaching_to_a_picture_and_to_the_lessons(open_page):
    page = open_page("/")
    cards = page.locator("nav a.card")
    addresses = [card.get_attribute("href") for card in cards.all()]
    assert addresses == ["/editor", "/teach", "/try", "/lessons/"]
    cards.nth(2).click()
    page.get_by_role("heading", name="Try a picture").wait_for()


def test_there_is_a_way_to_all_methods(open_page):
    page = open_page("/")
    page.get_by_role("link", name="More ways to look inside").click()
    page.wait_for_url("**/look-inside")
    assert page.get_by_role("heading", level=1).inner_text() == "Look inside"


def test_version_of_the_running_server_is_shown(open_page, server):
    health = json.load(urllib.request.urlopen(server.address + "/api/health"))
    page = open_page("/")
    page.wait_for_selector("#version:not(:empty)")
    assert page.locator("#version").inner_text() == f"Peekaboo {health['version']}"


def test_built_in_classifier_is_first_marked_and_cannot_be_deleted(open_page, server):
    page = open_page("/")
    built_in = page.locator(f"[data-model={models(server)['default']}]")
    built_in.wait_for()
    assert built_in.locator(".tag.strong").inner_text() == "used first"
    assert built_in.get_by_role("button").count() == 0


@pytest.mark.real
@pytest.mark.parametrize(
    "names",
    [
        ["minecraft_fishing/converted_keras.zip"],
        [
            "fresh_rotten_fruit/converted_tflite/model_unquant.tflite",
            "fresh_rotten_fruit/converted_tflite/labels.txt",
        ],
    ],
    ids=["zip", "tflite and labels"],
)
def test_dropped_teachable_machine_export_can_be_used_and_deleted(open_page, server, real, names):
    page = open_page("/")
    page.fill("#add-name", "Our class")
    drop(page, *(real / "models" / name for name in names))
    page.locator(".adding").wait_for()
    page.locator(".notice.added").wait_for(timeout=IMPORT_MS)

    added = next(model for model in models(server)["models"] if model["name"] == "Our class")
    item = page.locator(f"[data-model='{added['id']}']")
    shown = item.locator(".labels .tag")
    assert [label.inner_text() for label in shown.all()] == added["labels"][:12]
    assert page.locator(".notice.added a").get_attribute("href") == f"/try?model={added['id']}"

    item.get_by_role("button", name="Delete Our class").click()
    item.get_by_role("button", name="Keep it").click()
    assert added["id"] in [model["id"] for model in models(server)["models"]]
    item.get_by_role("button", name="Delete Our class").click()
    item.get_by_role("button", name="Yes, delete").click()
    item.wait_for(state="detached")
    assert added["id"] not in [model["id"] for model in models(server)["models"]]
    expect(page.locator(".notice.added")).to_have_count(0)  # nor is it ready to be tried


def test_classifier_gets_another_name(open_page, server):
    parade = models(server)["models"][0]
    page = open_page("/")
    page.fill("#add-name", "heads")
    drop_bytes(
        page,
        ("model.tflite", PARADE_FILE.read_bytes()),
        ("labels.txt", "\n".join(parade["labels"]).encode()),
    )
    page.locator(".notice.added").wait_for(timeout=IMPORT_MS)
    added = next(model for model in models(server)["models"] if model["name"] == "heads")
    item = page.locator(f"[data-model='{added['id']}']")
    try:
        item.get_by_role("button", name="Give heads another name").click()
        field = item.get_by_role("textbox", name="Give heads another name")
        expect(field).to_be_focused()
        expect(field).to_have_value("heads")
        field.fill("something else")
        field.press("Escape")
        expect(item.get_by_role("heading")).to_have_text("heads")
        item.get_by_role("button", name="Give heads another name").click()
        field.fill("  ")
        field.press("Enter")  # without letters, the name stays
        expect(item.get_by_role("heading")).to_have_text("heads")
        item.get_by_role("button", name="Give heads another name").click()
        field.fill(" Our  <b>heads</b> ")
        field.press("Enter")
        expect(item.get_by_role("heading")).to_have_text("Our <b>heads</b>")
        expect(item.get_by_role("button", name="Give Our <b>heads</b> another")).to_be_focused()
        page.reload()
        expect(item.get_by_role("heading")).to_have_text("Our <b>heads</b>")
    finally:
        delete(server, added["id"])


@pytest.mark.parametrize(
    ("dropped", "models"),
    [
        (["converted_keras.zip"], [["converted_keras.zip"]]),
        (["keras_model.h5", "labels.txt"], [["keras_model.h5", "labels.txt"]]),
        (
            ["metadata.json", "model.json", "weights.bin"],
            [["metadata.json", "model.json", "weights.bin"]],
        ),
        (["model.tflite", "labels.txt", ".DS_Store"], [["model.tflite", "labels.txt"]]),
        (["fruits.keras", "labels.txt"], [["fruits.keras", "labels.txt"]]),
        (["one.zip", "two.ZIP"], [["one.zip"], ["two.ZIP"]]),
        (["one.zip", "a.h5", "labels.txt"], [["one.zip"], ["a.h5", "labels.txt"]]),
        (["cat.png"], []),
    ],
)
def test_files_dropped_together_are_sorted_into_models(open_page, dropped, models):
    page = open_page("/")
    found = page.evaluate(
        """async (names) => {
          const { modelsIn } = await import("/pages/files.js");
          const models = modelsIn(names.map((name) => new File(["content"], name)));
          return models.map((files) => files.map((file) => file.name));
        }""",
        dropped,
    )
    assert found == models


def test_refused_file_is_explained_in_the_servers_words(open_page, server):
    content = b"this is no zip file"
    page = open_page("/")
    drop_bytes(page, ("holiday.zip", content))
    notice = page.locator("#add-status .notice.problem")
    notice.wait_for(timeout=IMPORT_MS)
    error = refusal_of(server, "holiday.zip", content)
    assert notice.locator("strong").inner_text() == error["message"]
    assert notice.locator("p").inner_text() == error["hint"]


def refusal_of(server, name: str, content: bytes) -> dict:
    border = "border"
    body = (
        f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: application/zip\r\n\r\n{content.decode()}\r\n--{border}--\r\n"
    )
    request = urllib.request.Request(
        server.address + "/api/models",
        body.encode(),
        {"Content-Type": f"multipart/form-data; boundary={border}"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    return json.load(refused.value)["error"]


def test_picture_dropped_here_is_pointed_to_its_own_page(open_page):
    page = open_page("/")
    drop_bytes(page, ("dog.png", b"any bytes"))
    notice = page.locator("#add-status .notice.problem")
    notice.wait_for()
    assert "dog.png is a picture" in notice.inner_text()
    assert "Try a picture" in notice.inner_text()
    drop_bytes(page, ("pets.tm", b"any bytes"))
    page.get_by_text("pets.tm holds the pictures of a project").wait_for()
    assert "Teach your own" in notice.inner_text()


def test_page_says_when_the_server_is_gone_and_when_it_is_back(open_page, tmp_path):
    with started_server(tmp_path) as server:
        port = int(server.address.rsplit(":", 1)[1])
        page = open_page("/", at=server)
        page.wait_for_selector("#version:not(:empty)")
        banner = page.locator("#server")
        assert banner.is_hidden()
        server.stop()
        banner.wait_for(timeout=15_000)
        assert "not answering" in banner.inner_text()
        assert f"“python3 run.py --port {port}”" in banner.inner_text()
        drop_bytes(page, ("model.zip", b"any bytes"))
        face = page.locator(".notice.problem img")
        assert face.evaluate("(face) => face.decode().then(() => face.naturalWidth)") > 0
    with started_server(tmp_path, port):
        banner.wait_for(state="hidden", timeout=15_000)


IMPATIENT = """() => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(ms / 100);
}"""


def test_page_says_when_the_server_is_there_but_does_not_answer(open_page):
    page = open_page("/")
    page.wait_for_selector("#version:not(:empty)")
    page.evaluate(IMPATIENT)
    frozen = Held(page, "**/api/health")
    frozen.wait()
    expect(page.locator("#server")).to_be_visible(timeout=10_000)
    frozen.go()
    expect(page.locator("#server")).to_be_hidden(timeout=10_000)


@pytest.mark.parametrize(
    ("browser_of", "port", "command"),
    [
        ("X11; Linux x86_64", "8000", "python3 run.py"),
        ("Windows NT 10.0; Win64; x64", "8000", "py run.py"),
        ("Windows NT 10.0; Win64; x64", "8123", "py run.py --port 8123"),
    ],
)
def test_the_command_that_starts_it_again_is_that_of_this_computer(
    browser, server, browser_of, port, command
):
    page = browser.new_page(user_agent=f"Mozilla/5.0 ({browser_of})", locale="fr")
    # Asked for at another address: a page knows the port only from there.
    page.route("**/*", lambda route: route.fulfill(response=asked(route, server)))
    page.goto(f"http://localhost:{port}/")
    said = f"Relance-le avec « {command} ». Cette page se réveillera toute seule."
    expect(page.locator("#server span")).to_have_text(said)
    page.unroute_all(behavior="ignoreErrors")  # What is still on its way may be lost.
    page.close()


def asked(route, server):
    path = urllib.parse.urlsplit(route.request.url).path
    headers = {**route.request.headers, "origin": server.address}
    return route.fetch(url=server.address + path, headers=headers)
