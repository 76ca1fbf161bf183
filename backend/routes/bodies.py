"""What came in the JSON body of a request."""

import json
from typing import Any

from flask import Request

from backend.errors import BadSetting


def json_of(request: Request) -> Any:
    """The JSON that came with a request, whatever it is called there; None if it is none.

    Halves of signs (lone surrogates), which JSON can hold but nobody can write down, become
    question marks.
    """
    try:
        asked = request.get_json(force=True, silent=True)
        return json.loads(json.dumps(asked, ensure_ascii=False).encode(errors="replace"))
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
