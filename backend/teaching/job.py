"""How the teaching of one collection goes, as the server knows it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from backend.teaching.lesson import Lesson
from backend.teaching.training import Progress

State = Literal["queued", "running", "stopped", "done", "failed"]
BUSY = ("queued", "running")


@dataclass(frozen=True)
class Job:
    """How the teaching of one collection goes.

    Attributes:
        model: id of the classifier that came of it.
        error: what went wrong, as errors are written in JSON.
        skipped: pictures that could not be read.
    """

    lesson: Lesson
    state: State
    progress: Progress
    resume: bool = False
    model: str | None = None
    error: dict[str, str] | None = None
    skipped: tuple[dict[str, str], ...] = ()

    def as_json(self, resumable: bool) -> dict[str, Any]:
        """The job as the HTTP interface shows it."""
        return asdict(self.progress) | {
            "state": self.state,
            "model": self.model,
            "resumable": resumable,
            "error": self.error,
            "skipped": list(self.skipped),
        }
