"""POST /api/picture: a picture that a browser cannot open, as one that it can."""

from io import BytesIO

from flask import Blueprint, Response, request
from PIL import Image

from backend.wire import Settings, read_picture


def picture_routes() -> Blueprint:
    """The route."""
    routes = Blueprint("picture", __name__)

    @routes.post("/api/picture")
    def picture() -> Response:
        Settings(request, set())
        found = BytesIO()
        # Hardly compressed: it only travels to a browser on this computer.
        Image.fromarray(read_picture(request).pixels).save(found, "PNG", compress_level=1)
        return Response(found.getvalue(), mimetype="image/png")

    return routes
