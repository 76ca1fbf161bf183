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
