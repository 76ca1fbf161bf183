"""A page with TurboWarp's VM in it: build a project, run blocks, note what is sent."""

import hashlib
import io
import json
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

SPRITE_AT = (-150, 100)
SPRITE_SIZE = (120, 40)
RED = (200, 30, 30)
SPRITE_PIXELS = np.full((2 * SPRITE_SIZE[1], 2 * SPRITE_SIZE[0], 3), RED, np.uint8)


def ask(address: str, body: bytes | None = None, kind: str = "image/png") -> Any:
    """The server's own answer, without any browser."""
    request = urllib.request.Request(address, body, {"Content-Type": kind} if body else {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def doubled(pixels: np.ndarray) -> np.ndarray:
    return pixels.repeat(2, axis=0).repeat(2, axis=1)


def costume(name: str, pixels: np.ndarray, files: dict[str, bytes]) -> dict:
    """A costume with two pixels per stage unit, as Scratch itself keeps them."""
    content = png(pixels)
    asset = hashlib.md5(content).hexdigest()
    files[f"{asset}.png"] = content
    height, width = pixels.shape[:2]
    return {
        "name": name,
        "assetId": asset,
        "md5ext": f"{asset}.png",
        "dataFormat": "png",
        "bitmapResolution": 2,
        "rotationCenterX": width / 2,
        "rotationCenterY": height / 2,
    }


CLICKED_SCRIPT = {
    "hat": {
        "opcode": "event_whenthisspriteclicked",
        "next": "set",
        "parent": None,
        "inputs": {},
        "fields": {},
        "shadow": False,
        "topLevel": True,
        "x": 0,
        "y": 0,
    },
    "set": {
        "opcode": "data_setvariableto",
        "next": None,
        "parent": "hat",
        "inputs": {"VALUE": [1, [10, "yes"]]},
        "fields": {"VARIABLE": ["clicked", "clicked"]},
        "shadow": False,
        "topLevel": False,
    },
}


def project(backdrop: np.ndarray) -> bytes:
    """A project (.sb3) with a backdrop and a small red sprite that notices clicks."""
    files: dict[str, bytes] = {}
    usual = {"variables": {}, "lists": {}, "broadcasts": {}, "blocks": {}, "comments": {}}
    usual |= {"currentCostume": 0, "sounds": [], "volume": 100}
    stage = usual | {
        "isStage": True,
        "name": "Stage",
        "costumes": [costume("backdrop", doubled(backdrop), files)],
        "layerOrder": 0,
        "tempo": 60,
        "videoTransparency": 50,
        "videoState": "on",
        "textToSpeechLanguage": None,
    }
    sprite = usual | {
        "isStage": False,
        "name": "Box",
        "variables": {"clicked": ["clicked", "no"]},
        "blocks": CLICKED_SCRIPT,
        "costumes": [costume("box", SPRITE_PIXELS, files)],
        "layerOrder": 1,
        "visible": True,
        "x": SPRITE_AT[0],
        "y": SPRITE_AT[1],
        "size": 100,
        "direction": 90,
        "draggable": False,
        "rotationStyle": "all around",
    }
    meta = {"semver": "3.0.0", "vm": "0.2.0", "agent": ""}
    content = {"targets": [stage, sprite], "monitors": [], "extensions": [], "meta": meta}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.json", json.dumps(content))
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@dataclass
class Sent:
    """A picture that a block sent, and with which settings."""

    path: str
    body: bytes
    kind: str

    @property
    def pixels(self) -> np.ndarray:
        """(H, W, 3) uint8."""
        size = dict(part.split("=") for part in self.kind.replace(" ", "").split(";")[1:])
        shape = (int(size["height"]), int(size["width"]), 4)
        return np.frombuffer(self.body, np.uint8).reshape(shape)[..., :3]


@dataclass
class Player:
    """A page that plays a project; blocks run as scripts of its sprite."""

    page: Any
    address: str
    sent: list[Sent] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)

    def run(self, opcode: str, **arguments: Any) -> None:
        self.page.evaluate("([name, args]) => test.run(name, args, false)", [opcode, arguments])

    def ask(self, opcode: str, **arguments: Any) -> Any:
        return self.page.evaluate(
            "([name, args]) => test.run(name, args, true)", [opcode, arguments]
        )

    def start(self, opcode: str, **arguments: Any) -> None:
        """Run a block without waiting for its end, which `finished` tells."""
        self.page.evaluate(
            "([name, args]) => { window.over = false;"
            " test.run(name, args, false).then(() => { window.over = true; }); }",
            [opcode, arguments],
        )

    @property
    def finished(self) -> bool:
        return self.page.evaluate("window.over")

    def wait_until(self, holds: Callable[[], object], within_s: float = 30) -> None:
        end = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < end, "waited too long"
            self.page.wait_for_timeout(20)

    def colours_at(self, points: Iterable[tuple[float, float]]) -> np.ndarray:
        """What is to be seen at points of the stage, (N, 3)."""
        return np.array(self.page.evaluate("(points) => test.coloursAt(points)", list(points)))

    def same_answer(self, sent: Sent | None = None) -> Any:
        """What the server itself says about the pixels that a block sent, by default the last."""
        sent = sent or self.sent[-1]
        return ask(self.address + sent.path, sent.body, sent.kind)

    def says_something(self) -> bool:
        """Whether a sentence of Peekaboo's is on the stage: white paper, below its letters."""
        return bool((self.colours_at((x, -162) for x in range(-60, 60)) == 255).all())

    def _note_request(self, request: Any) -> None:
        if request.method == "POST":
            where = urlsplit(request.url)
            path = f"{where.path}?{where.query}" if where.query else where.path
            body = request.post_data_buffer or b""
            self.sent.append(Sent(path, body, request.headers["content-type"]))
