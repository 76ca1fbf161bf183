"""Which model stands for one that was replaced, so that whoever asks for the former finds it."""

from pathlib import Path

from backend.classifiers.model import MODEL_ID
from backend.disk import read_json, write_json

MOST_REPLACED = 1000


class Successors:
    """A file of former ids and the ids that stand for them now."""

    def __init__(self, file: Path):
        self._file = file

    def of(self, model_id: str) -> str:
        """The id that stands for this one, or "" if none does."""
        return self._all().get(model_id, "")

    def formerly(self, model_id: str) -> list[str]:
        """The ids that this one stands for."""
        return [former for former, now in self._all().items() if now == model_id]

    def put(self, model_id: str, successor: str) -> None:
        """Let another model stand for this one, and for all that this one stood for."""
        replaced = {
            former: successor if now == model_id else now
            for former, now in self._all().items()
            if former != successor
        }
        newest = [*(replaced | {model_id: successor}).items()][-MOST_REPLACED:]
        write_json(self._file, dict(newest))

    def _all(self) -> dict[str, str]:
        return {
            former: now
            for former, now in read_json(self._file).items()
            if MODEL_ID.match(former) and isinstance(now, str) and MODEL_ID.match(now)
        }
