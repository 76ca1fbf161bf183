"""Other web pages can neither read nor change anything, and names cannot be rebound."""

import pytest

TURBOWARP = "https://turbowarp.org"


def test_another_host_name_is_refused(client):
    # DNS rebinding: a stranger's name that suddenly points to this computer.
    for path in ("/api/models", "/", "/nothing"):
        refused = client.get(path, headers={"Host": "evil.example:8000"})
        assert (refused.status_code, refused.json["error"]["code"]) == (400, "strange_host")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000"])
def test_own_host_names_work(client, host):
    assert client.get("/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:9999", "http://localhost.evil", "http://["],
)
@pytest.mark.parametrize("path", ["/api/classify", "/api/relevance", "/api/models"])
def test_strange_pages_are_refused(client, white_png, origin, path):
    response = client.post(path, data=white_png, headers={"Origin": origin})
    assert response.status_code == 403
    assert response.get_json()["error"]["code"] == "strange_page"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("origin", [TURBOWARP, "tw-editor://."])
def test_turbowarp_may_classify_and_read_the_answer(client, white_png, origin):
    response = client.post("/api/classify", data=white_png, headers={"Origin": origin})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == origin


def test_turbowarp_may_ask_before_it_sends_raw_pixels_to_this_computer(client):
    response = client.options(
        "/api/classify",
        headers={
            "Origin": TURBOWARP,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
            "Access-Control-Request-Private-Network": "true",
        },
    )
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == TURBOWARP
    assert response.headers["Access-Control-Allow-Headers"] == "content-type"
    assert response.headers["Access-Control-Allow-Private-Network"] == "true"


def test_models_are_added_and_deleted_by_our_own_page_only(client):
    for origin in (TURBOWARP, "https://evil.example"):
        assert client.post("/api/models", headers={"Origin": origin}).status_code == 403
        assert client.delete("/api/models/eye", headers={"Origin": origin}).status_code == 403
        assert client.patch("/api/models/eye", headers={"Origin": origin}).status_code == 403
    own = client.post("/api/models", headers={"Origin": "http://localhost", "Host": "localhost"})
    assert own.status_code == 415  # understood, but no file came


def test_turbowarp_may_read_the_list_of_models(client):
    response = client.get("/api/models", headers={"Origin": TURBOWARP})
    assert response.headers["Access-Control-Allow-Origin"] == TURBOWARP


@pytest.mark.parametrize("name", ["%00", "a" * 300, "b" * 5000, "%2e%2e/%2e%2e/README.md"])
@pytest.mark.parametrize("folder", ["static", "chunks", "pages", "editor"])
def test_odd_names_of_files_are_not_found(client, folder, name):
    for ending in ("", ".css"):
        reply = client.get(f"/{folder}/{name}{ending}", headers={"Accept-Encoding": "gzip"})
        assert reply.status_code == 404


def test_only_what_a_browser_needs_is_sent_of_the_editor(client):
    assert client.get("/editor/start.js").status_code == 200
    for name in ("install.py", "vendor/package.json", "__pycache__/install.cpython-311.pyc"):
        assert client.get(f"/editor/{name}").status_code == 404
