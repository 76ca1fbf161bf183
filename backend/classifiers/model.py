"""What is known about a model before it runs: the `model.json` in its folder."""

import json
import logging
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backend.classifiers.compiled import Channels, Compiled
from backend.classifiers.compiled_parts import FOLDER as PARTS_FOLDER
from backend.classifiers.compiled_parts import Parts
from backend.picture import FitWay

PARADE = "parade"
MODEL_ID = re.compile(r"[0-9a-f]{12}\Z")
COMPILED_FILE = "classifier.tflite"
log = logging.getLogger(__name__)
ORIGINAL_FILES = ("classifier.keras", "classifier.h5")


@dataclass(frozen=True)
class Model:
    """A model on this computer.

    Attributes:
        id: from its content; 12 hexadecimal digits, or `parade` for the built-in one.
        name: for people.
        labels: K different names, in the order of the scores.
        format: `keras`, `tfjs` or `tflite`.
        input_size: (height, width) in px.
        fit: how a picture of another shape becomes the input.
        logits: whether the compiled model gives pre-softmax scores.
        layers: the Keras layers whose outputs are feature maps, from input to output.
        channels: `rgb` or `grey`.
        pixels: what 0 and 255 become in the input (lowest, highest).
        quantised: whether it calculates in integers.
        source: the files that it came from.
        folder: where its files are.
    """

    id: str
    name: str
    labels: tuple[str, ...]
    format: str
    input_size: tuple[int, int]
    fit: FitWay
    logits: bool
    layers: tuple[str, ...]
    channels: Channels
    pixels: tuple[float, float]
    quantised: bool
    source: str
    folder: Path

    @classmethod
    def read(cls, folder: Path, model_id: str) -> "Model":
        """Read `model.json` in `folder`.

        Raises:
            OSError, ValueError, KeyError, TypeError: it is not there or damaged.
        """
        if not (folder / COMPILED_FILE).is_file():
            raise FileNotFoundError(folder / COMPILED_FILE)
        known = json.loads((folder / "model.json").read_text("utf-8"))
        return cls(
            id=model_id,
            name=str(known["name"]),
            labels=tuple(map(str, known["labels"])),
            format=known.get("format", "keras"),
            input_size=(int(known["input"]["height"]), int(known["input"]["width"])),
            fit=known["fit"],
            logits=bool(known["logits"]),
            layers=tuple(known.get("layers", ())),
            channels=known["channels"],
            pixels=(float(known["pixels"][0]), float(known["pixels"][1])),
            quantised=bool(known.get("quantised", False)),
            source=known.get("source", ""),
            folder=folder,
        )

    def as_json(self) -> dict[str, Any]:
        """The model as `GET /api/models` shows it."""
        height, width = self.input_size
        return {
            "id": self.id,
            "name": self.name,
            "labels": list(self.labels),
            "format": self.format,
            "input": {"height": height, "width": width},
            "fit": self.fit,
            "logits": self.logits,
            "gradients": self.gradients,
            "layers": list(self.layers),
        }

    def as_file(self) -> str:
        """The text of its `model.json`."""
        known = self.as_json() | {
            "channels": self.channels,
            "pixels": list(self.pixels),
            "quantised": self.quantised,
            "source": self.source,
        }
        return json.dumps(known, ensure_ascii=False, indent=1) + "\n"

    def with_settings(self, **settings: Any) -> "Model":
        """The same model with those of `settings` (name, fit, pixels) that are not None."""
        return replace(self, **{key: value for key, value in settings.items() if value is not None})

    @property
    def gradients(self) -> bool:
        """Whether its Keras file is here, from which gradients can be taken."""
        return any((self.folder / name).is_file() for name in ORIGINAL_FILES)

    def compile(self) -> Compiled:
        """Read the compiled model into memory."""
        return Compiled(
            self.folder / COMPILED_FILE,
            self.labels,
            self.input_size,
            fit=self.fit,
            has_logits=self.logits,
            pixels=self.pixels,
            channels=self.channels,
            quantised=self.quantised,
            parts=self._parts(),
        )

    def _parts(self) -> Parts | None:
        folder = self.folder / PARTS_FOLDER
        if not folder.is_dir():
            return None
        try:
            return Parts.read(folder)
        except (OSError, ValueError, KeyError, TypeError) as problem:
            log.warning("parts of model %s are damaged (%s): it runs whole", self.id, problem)
            return None
