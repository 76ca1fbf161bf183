"""The languages that Peekaboo speaks, and tables of texts in them: text -> language -> text."""

import json
from collections.abc import Callable
from pathlib import Path

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "es", "fr", "ja", "ar")
RIGHT_TO_LEFT = ("ar",)
Say = Callable[[str], str]
"""Gives a text in one language; what its table does not hold stays English."""


def read_words(table: Path, language: str) -> Say:
    """The texts of a `words.json` in one language."""
    texts = json.loads(table.read_text(encoding="utf-8"))
    words = {text: said[language] for text, said in texts.items() if language in said}
    return lambda text: words.get(text, text)
