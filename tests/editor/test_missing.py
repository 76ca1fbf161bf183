"""What is shown in place of the editor while it is not installed."""

import pytest

from backend.app import create_app
from backend.classifiers.store import Store


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("peekaboo")
    app = create_app(Store(folder / "home"), editor_folder=folder / "nothing here")
    answer = app.test_client().get("/editor", headers={"Host": "localhost"})
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True)


def test_it_says_what_is_missing_and_how_to_get_it(page: str) -> None:
    assert "Scratch is not on this computer yet" in page
    assert "https://nodejs.org" in page
    assert "python3 run.py" in page


def test_it_shows_the_turbowarp_way(page: str) -> None:
    assert 'href="https://turbowarp.org/editor?extension=http://localhost:8000/peekaboo.js"' in page


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["de-DE", "es-ES", "fr-FR", "ja-JP", "ar-EG"])
def test_it_speaks_every_language(browser, server, page, locale) -> None:
    context = browser.new_context(locale=locale)
    tab = context.new_page()
    # That server has the editor: it gives what the page loads, but not the page.
    tab.route("**/editor", lambda route: route.fulfill(body=page, content_type="text/html"))
    english = texts_of(tab, server, javascript=False)
    other = texts_of(tab, server)
    context.close()
    assert len(english) == len(other) == 15
    assert [text for text in other if text in english or not text or text == "undefined"] == []


def texts_of(tab, server: str, javascript: bool = True) -> list[str]:
    pattern = "**/editor/missing.js"
    if javascript:
        tab.unroute(pattern)
    else:
        tab.route(pattern, lambda route: route.fulfill(body="", content_type="text/javascript"))
    tab.goto(server + "/editor")
    return [text.strip() for text in tab.locator("[data-words]").all_inner_texts()]
