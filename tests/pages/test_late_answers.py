"""An answer that comes late does not take the place of what was chosen since."""

import pytest
from playwright.sync_api import expect

from tests.pages.dropping import drop_bytes
from tests.pages.holding import Held
from tests.pages.test_look_inside import look_at_sample, wait_for_looks
from tests.pages.test_teach import JOB, Collection, as_files, ask, box, striped
from tests.pages.test_try import open_sample, wait_until_measured

pytestmark = pytest.mark.browser


@pytest.fixture
def two(server, request) -> tuple[Collection, Collection]:
    """Two collections: cats and dogs, cats and owls."""
    name = request.node.name[:40]
    first, second = Collection(server, name + " 1"), Collection(server, name + " 2")
    first.add("cat", striped(True, 1), striped(True, 2))
    first.add("dog", striped(False, 3))
    second.add("cat", striped(True, 4))
    second.add("owl", striped(False, 5))
    return first, second


def open_teach(open_page, collection: Collection, **settings):
    page = open_page(f"/teach?collection={collection.id}", **settings)
    page.locator("#teach[data-state=ready]").wait_for()
    return page


def shown_labels(page) -> list[str]:
    return page.locator(".label-card").evaluate_all("all => all.map((one) => one.dataset.label)")


def test_boxes_are_those_of_the_chosen_collection(open_page, two):
    first, second = two
    page = open_teach(open_page, first)
    late = Held(page, f"**{first.path}")
    first.add("extra")  # as blocks in Scratch do: the page looks now and then
    late.wait()
    page.select_option("#collection", second.id)
    expect(box(page, "owl")).to_have_count(1)
    late.go()
    assert shown_labels(page) == ["cat", "owl"]
    page.locator("#new-label").fill("new")
    page.keyboard.press("Enter")
    expect(box(page, "new")).to_have_count(1)
    assert "new" in second.counts() and "new" not in first.counts()


def test_the_collection_chosen_last_is_shown(open_page, two):
    first, second = two
    page = open_teach(open_page, first)
    late = Held(page, f"**{second.path}")
    page.select_option("#collection", second.id)
    late.wait()
    page.select_option("#collection", first.id)
    late.go()
    assert shown_labels(page) == ["cat", "dog"]
    assert page.url.endswith(first.id)


def test_all_folders_reach_the_collection_that_they_were_chosen_for(open_page, two, tmp_path):
    first, second = two
    for label in ("aaa", "bbb"):
        (tmp_path / "all" / label).mkdir(parents=True)
        (tmp_path / "all" / label / "1.png").write_bytes(striped(True, 7))
    page = open_teach(open_page, first)
    late = Held(page, "**/pictures?label=*")
    page.locator("#folder-input").set_input_files(tmp_path / "all")
    late.wait()
    page.select_option("#collection", second.id)
    expect(box(page, "owl")).to_have_count(1)
    with page.expect_response(lambda it: it.url.endswith("label=bbb") and it.ok):
        late.go()
    assert first.counts() == {"cat": 2, "dog": 1, "aaa": 1, "bbb": 1}
    assert second.counts() == {"cat": 1, "owl": 1}


def test_a_picture_that_arrives_late_is_not_shown_in_another_collection(open_page, two):
    first, second = two
    page = open_teach(open_page, first)
    late = Held(page, "**/pictures?label=*")
    box(page, "cat").locator("input[type=file]").set_input_files(as_files(striped(True, 9)))
    late.wait()
    page.select_option("#collection", second.id)
    expect(box(page, "owl")).to_have_count(1)
    refreshed = Held(page, f"**{second.path}")
    late.go()
    expect(box(page, "cat").locator(".label-count")).to_have_text("Pictures: 1")
    expect(box(page, "cat").locator(".thumbnail")).to_have_count(1)
    refreshed.go()
    assert first.counts()["cat"] == 3


def test_checks_are_those_of_the_chosen_collection(open_page, two):
    first, second = two
    same = striped(True, 42)
    first.add("wolf", same)
    first.add("fox", same)
    page = open_teach(open_page, first)
    late = Held(page, f"**{first.path}/checks")
    late.wait()
    page.select_option("#collection", second.id)
    asked = page.expect_response(f"**{second.path}/checks")
    with asked:
        expect(box(page, "owl")).to_have_count(1)
    late.go()
    codes = [one["code"] for one in ask(second.server, second.path + "/checks")["checks"]]
    assert "same_in_two_labels" not in codes
    shown = page.locator(".check").evaluate_all("all => all.map((one) => one.dataset.check)")
    assert shown == codes


FILM = {
    "rows": 1,
    "columns": 1,
    "probes": [{"name": "1", "url": "/pages/logo.svg", "label": "cat"}],
    "epochs": [
        {
            "epoch": 1,
            "accuracy": 1,
            "frames": [{"ghost": [[50]], "top": [{"label": "cat", "confidence": 1}]}],
        }
    ],
}


def test_a_film_is_that_of_the_chosen_collection(open_page, two):
    first, second = two
    page = open_teach(open_page, second)

    def taught(route):
        route.fulfill(json=ask(first.server, first.path) | {"model": "parade"})

    page.route(f"**{first.path}", taught)
    page.route(f"**{first.path}/film", lambda route: route.fulfill(json=FILM))
    late = Held(page, f"**{first.path}/film")
    page.select_option("#collection", first.id)
    late.wait()
    page.select_option("#collection", second.id)
    expect(box(page, "owl")).to_have_count(1)
    late.go()
    expect(page.locator("#step-film")).to_be_hidden()

    page.select_option("#collection", first.id)
    expect(page.locator("#step-film")).to_be_visible()
    late = Held(page, f"**{second.path}/film")
    page.route(
        f"**{second.path}",
        lambda route: route.fulfill(json=ask(second.server, second.path) | {"model": "parade"}),
    )
    page.select_option("#collection", second.id)
    late.wait()
    expect(page.locator("#step-film")).to_be_hidden()  # also before its own has come
    late.go()


def test_a_job_is_that_of_the_chosen_collection(open_page, two):
    first, second = two
    page = open_teach(open_page, first)
    page.route(f"**{first.path}/training", lambda route: route.fulfill(json=JOB))
    late = Held(page, f"**{first.path}/training")
    page.get_by_role("button", name="Teach it!").click()
    late.wait()
    page.select_option("#collection", second.id)
    expect(box(page, "owl")).to_have_count(1)
    late.go()
    assert page.locator("#teach-stop").is_hidden()

    page.select_option("#collection", first.id)
    expect(box(page, "dog")).to_have_count(1)
    page.get_by_role("button", name="Teach it!").click()
    page.locator("#teach-stop").wait_for()
    late = Held(page, f"**{first.path}/training")
    late.wait()
    page.select_option("#collection", second.id)
    expect(box(page, "owl")).to_have_count(1)
    late.go()
    assert page.locator("#teach-stop").is_hidden()


def test_a_collection_that_does_not_come_is_not_said_to_be_there(open_page, two):
    first, second = two
    page = open_teach(open_page, first)
    page.route(f"**{second.path}", lambda route: route.abort())
    page.select_option("#collection", second.id)
    page.locator("#problem .notice").wait_for()
    assert page.locator("#collection").input_value() == first.id
    assert page.locator("#collection-name").input_value() == first.name
    assert shown_labels(page) == ["cat", "dog"]


def test_what_a_look_shows_is_of_the_classifier_that_it_names(open_page):
    page = look_at_sample(open_page)
    page.route("**/api/models", with_another_classifier)
    page.reload()
    page.locator("[data-sample]").first.click()
    look = page.locator(".look")
    wait_for_looks(page, 1)
    methods = Held(page, "**/api/methods?model=another")
    look.get_by_label("Classifier").select_option("another")
    methods.wait()
    expect(look).to_have_attribute("data-state", "working")
    expect(look.locator(".look-answer")).to_be_empty()
    assert look.get_by_role("button", name="Can I trust this map?").is_hidden()


def test_a_late_map_is_not_shown_under_another_classifier(open_page):
    page = look_at_sample(open_page)
    page.route("**/api/models", with_another_classifier)
    page.reload()
    map_of_first = Held(page, "**/api/explain?*")
    methods = Held(page, "**/api/methods?model=another")
    page.locator("[data-sample]").first.click()
    map_of_first.wait()
    look = page.locator(".look")
    look.get_by_label("Classifier").select_option("another")
    methods.wait()
    map_of_first.go()
    expect(look).to_have_attribute("data-state", "working")
    look.get_by_role("button", name="Stop").click()
    expect(look).to_have_attribute("data-state", "stopped")
    look.get_by_role("button", name="Try again").click()
    expect(look).to_have_attribute("data-state", "working")


def with_another_classifier(route):
    """The list of classifiers, in which the first is there once more under another name."""
    answer = route.fetch().json()
    answer["models"].append(answer["models"][0] | {"id": "another", "name": "Another"})
    route.fulfill(json=answer)


def two_samples(page) -> list[str]:
    page.locator("[data-sample]").nth(1).wait_for()
    samples = page.locator("[data-sample]").all()
    return [one.get_attribute("data-sample") for one in samples[:2]]


def test_the_sample_chosen_last_is_shown(open_page):
    page = open_page("/try")
    first, second = two_samples(page)
    late = Held(page, f"**/{first}.png*", lambda request: request.resource_type == "fetch")
    page.locator(f"[data-sample='{first}']").click()
    late.wait()
    open_sample(page, second)
    winner = page.locator("#winner").inner_text()
    late.go()
    wait_until_measured(page)
    assert page.locator("#winner").inner_text() == winner
    pressed = page.locator("[data-sample][aria-pressed=true]")
    assert pressed.evaluate_all("all => all.map((one) => one.dataset.sample)") == [second]


def test_a_file_that_opens_late_does_not_take_the_place_of_a_sample(open_page):
    page = open_page("/try")
    late = Held(page, "**/api/picture")
    drop_bytes(page, ("photo.heic", b"only the server may know"))
    late.wait()
    open_sample(page, two_samples(page)[0])
    late.go()
    assert page.locator("#problem .notice").count() == 0  # nor is it told that it is none


def a_film(**probe) -> dict:
    return FILM | {"probes": [FILM["probes"][0] | probe]}


def test_a_live_film_shows_the_picture_that_is_watched_now(open_page, two):
    first, _ = two
    page = open_teach(open_page, first)
    films = [a_film(url="/pages/logo.svg"), a_film(url="/pages/oops.svg")]
    jobs = [JOB | {"epoch": epoch} for epoch in (1, 2)]
    page.route(f"**{first.path}/film", lambda route: route.fulfill(json=films[0]))
    page.route(f"**{first.path}/training", lambda route: route.fulfill(json=jobs[0]))
    page.get_by_role("button", name="Teach it!").click()
    watched = page.locator("#probes img")
    expect(watched).to_have_attribute("src", "/pages/logo.svg")
    films.pop(0)
    jobs.pop(0)
    expect(watched).to_have_attribute("src", "/pages/oops.svg")


def test_a_report_is_of_what_was_on_show_when_it_was_asked_for(open_page):
    page = look_at_sample(open_page)
    said = page.locator(".look-said").inner_text()
    late = Held(page, "**/pages/*.css")
    page.locator("#report").click()
    late.wait()
    maps = Held(page, "**/api/explain?*")
    page.locator(".look").get_by_label("Label").select_option(index=2)
    maps.wait()
    with page.expect_download() as kept:
        late.go()
    maps.go()
    assert said in kept.value.path().read_text("utf-8")
