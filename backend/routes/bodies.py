"""What came in the JSON body of a request."""

from typing import Any

from flask import Request

from backend.errors import BadSetting


def json_of(request: Request) -> Any:
    """The JSON that came with a request, whatever it is called there; None if it is none."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:  # thousands of brackets
        return None


def text_of(asked: Any, name: str) -> str:
    """A text in a JSON object that came with a request.

    Raises:
        BadSetting: there is none.
    """
    text = asked.get(name) if isinstance(asked, dict) else None
    if not isinstance(text, str):
        raise BadSetting(
            "bad_json",
            f"The request does not say “{name}”.",
            f'Send JSON such as {{"{name}": "…"}}.',
        )
    return text
