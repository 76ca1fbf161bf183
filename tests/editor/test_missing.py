"""What is shown in place of the editor while it is not installed."""

import pytest

from backend.app import create_app
from backend.classifiers.store import Store


@pytest.fixture
def page(tmp_path) -> str:
    app = create_app(Store(tmp_path / "home"), editor_folder=tmp_path / "nothing here")
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
def test_it_speaks_every_language(browser, server, locale) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    english = texts_of(page, server, javascript=False)
    other = texts_of(page, server)
    context.close()
    assert len(english) == len(other) == 15
    assert [text for text in other if text in english or not text or text == "undefined"] == []


def texts_of(page, server: str, javascript: bool = True) -> list[str]:
    pattern = "**/editor/missing.js"
    if javascript:
        page.unroute(pattern)
    else:
        page.route(pattern, lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(server + "/editor/missing.html")
    return [text.strip() for text in page.locator("[data-words]").all_inner_texts()]
