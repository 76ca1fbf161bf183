"""POST /api/classify: what a classifier says about a picture."""

from time import perf_counter
from typing import Any

from flask import Blueprint, request

from backend.classifiers.store import Store
from backend.explanations.sweep import predict
from backend.picture import Fit
from backend.wire import Settings, classify_json, read_picture

SETTINGS = {"model", "fit"}


def classify_routes(store: Store) -> Blueprint:
    """The route, answering with the classifiers of `store`."""
    routes = Blueprint("classify", __name__)

    @routes.post("/api/classify")
    def classify() -> dict[str, Any]:
        start = perf_counter()
        settings = Settings(request, SETTINGS)
        model = settings.get("model", str, store.default_id)
        classifier = store.open(model)
        picture = read_picture(request)
        way = settings.get("fit", str, None) or classifier.fit
        plan = Fit.of(picture, classifier.input_size, way)
        prediction = predict(classifier, plan.apply(picture.pixels))
        seen = plan.seen.times(picture.shrunk_by)
        return classify_json(model, classifier.labels, prediction, seen, perf_counter() - start)

    return routes
