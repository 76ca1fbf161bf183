"""The description of the interface is true: every route is in it, every setting, every field."""

import re

from backend.routes import classify, explain, models, relevance
from backend.routes.openapi import describe

PATHS = describe()["paths"]


def settings_of(path: str, method: str) -> set[str]:
    return {entry["name"] for entry in PATHS[path][method].get("parameters", [])}


def answer_of(path: str, method: str) -> set[str]:
    response = PATHS[path][method]["responses"]["200"]
    return set(response["content"]["application/json"]["schema"]["required"])


def test_every_route_is_described_and_every_description_has_a_route(client):
    routes = {
        (re.sub(r"<\w+>", "{id}", str(rule)), method.lower())
        for rule in client.application.url_map.iter_rules()
        if str(rule).startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in PATHS.items() for method in methods}


def test_every_setting_is_described():
    assert settings_of("/api/relevance", "post") == relevance.SETTINGS
    assert settings_of("/api/classify", "post") == classify.SETTINGS
    assert settings_of("/api/models", "post") == models.SETTINGS
    assert settings_of("/api/explain", "post") == explain.SETTINGS


def test_every_field_of_the_answers_is_described(client, white_png):
    classified = client.post("/api/classify", data=white_png).get_json()
    assert set(classified) == answer_of("/api/classify", "post")
    measured = client.post("/api/relevance?rows=3&columns=5", data=white_png).get_json()
    assert set(measured) == answer_of("/api/relevance", "post")
    explained = client.post("/api/explain?rows=3&columns=5", data=white_png).get_json()
    assert set(explained) == answer_of("/api/explain", "post")
    assert set(client.get("/api/methods").get_json()) == answer_of("/api/methods", "get")
    assert set(client.get("/api/health").get_json()) == answer_of("/api/health", "get")


def test_the_document_is_served(client):
    assert client.get("/api/openapi.json").get_json()["openapi"] == "3.1.0"
