"""Pages are put together from parts; a browser keeps them until they change."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from backend.app import create_app
from backend.errors import BadSetting

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "backend" / "pages"
SHEET = "/lessons/what-is-it-looking-at/worksheet"

each_page = pytest.mark.parametrize(
    "path", ["/", "/try", "/look-inside", "/teach", "/lessons/", SHEET]
)


class Elements(HTMLParser):
    """What a page is made of: tags, ids, and ids that something points to."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.named: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name in ("for", "aria-labelledby"):
                self.named.add(value)
            elif name == "href" and value.startswith("#"):
                self.named.add(value[1:])


@each_page
def test_parts_of_a_page_fit_together(client, path):
    answer = client.get(path)
    assert answer.mimetype == "text/html"
    page = Elements(answer.text)
    for once in ("html", "title", "header", "main", "h1", "footer"):
        assert page.tags.count(once) == 1, once
    assert len(page.ids) == len(set(page.ids))
    assert page.named <= set(page.ids)


@each_page
def test_a_page_that_has_not_changed_is_not_sent_again(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert again.headers["Cache-Control"] == "no-cache"
    assert client.get(path, headers={"If-None-Match": '"older"'}).data == first.data


def test_templates_are_not_sent(client):
    templates = [path.relative_to(PAGES).as_posix() for path in PAGES.rglob("*.html")]
    assert len(templates) > 10
    addresses = [f"/pages/{name}" for name in templates] + ["/editor/missing.html"]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.get("/pages/style.css").status_code == 200


def test_a_page_about_an_error_shows_words_as_they_are(store):
    app = create_app(store)

    @app.get("/wrong")
    def wrong():
        raise BadSetting("wrong", "No <b>bold</b> words & no “quotes”.", 'Choose "<i>".')

    answer = app.test_client().get("/wrong")
    assert answer.status_code == 400
    assert "<h1>No &lt;b&gt;bold&lt;/b&gt; words &amp; no “quotes”.</h1>" in answer.text
    assert "<p>Choose &#34;&lt;i&gt;&#34;.</p>" in answer.text
