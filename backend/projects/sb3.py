"""Writes a project as Scratch saves it: a zip of `project.json` and its pictures."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from backend.projects.blocks import MENU_BLOCKS, WHOLE_NUMBERS, Slot
from backend.projects.source import Monitor, Project, Script, Statement, Target
from backend.projects.words import Call, Variable
from backend.translation import Say

EXTENSION_ID = "peekaboo"
EXTENSION_URL = "http://localhost:8000/peekaboo.js"
"""TurboWarp loads the blocks of a project from here, and trusts exactly this address."""

STAGE_PX = (480, 360)
_SHADOW_ONLY, _NO_SHADOW, _COVERED_SHADOW = 1, 2, 3
_NUMBER, _WHOLE_NUMBER, _TEXT, _BROADCAST, _VARIABLE = 4, 6, 10, 11, 12

Json = dict[str, Any]


@dataclass(frozen=True)
class Costume:
    """A picture of the stage or a sprite: `contents` is a PNG or SVG file."""

    name: str
    contents: bytes


def write_sb3(
    project: Project,
    costumes: dict[str, list[Costume]],
    say: Say = lambda text: text,
) -> bytes:
    """Return the `.sb3` file of `project`; the same project gives the same bytes.

    `costumes` are listed under their target's name; `say` translates what people read: names,
    lines of comments, and texts in blocks.
    """
    writer = _Writer(project, say)
    targets = [
        writer.target(target, costumes[target.name], layer)
        for layer, target in enumerate(project.targets)
    ]
    # Broadcasts are known only after all scripts are written; they belong to the stage.
    targets[0]["broadcasts"] = {
        _id("broadcast", name): say(name) for name in sorted(writer.broadcasts)
    }
    document = {
        "targets": targets,
        "monitors": [writer.monitor(monitor) for monitor in project.monitors],
        "extensions": [EXTENSION_ID],
        "extensionURLs": {EXTENSION_ID: EXTENSION_URL},
        "meta": {"semver": "3.0.0", "vm": "0.2.0", "agent": "Peekaboo"},
    }
    files = {"project.json": json.dumps(document, ensure_ascii=False).encode()}
    for listed in costumes.values():
        files |= {_asset_name(costume.contents): costume.contents for costume in listed}
    return _zip(files)


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in files.items():
            # A fixed date, 1980, so that the same project gives the same bytes.
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, contents)
    return packed.getvalue()


def _id(kind: str, name: str) -> str:
    return f"{kind}-{name}"


def _asset_name(contents: bytes) -> str:
    ending = "png" if contents.startswith(b"\x89PNG") else "svg"
    return f"{hashlib.md5(contents, usedforsecurity=False).hexdigest()}.{ending}"


def _costume_json(costume: Costume) -> Json:
    name = _asset_name(costume.contents)
    asset_id, _, ending = name.partition(".")
    width, height = _picture_size(costume.contents)
    # Pictures wider than the stage hold two pixels for each of its units.
    resolution = 2 if ending == "png" and width > STAGE_PX[0] else 1
    return {
        "name": costume.name,
        "assetId": asset_id,
        "md5ext": name,
        "dataFormat": ending,
        "bitmapResolution": resolution,
        "rotationCenterX": width / 2,
        "rotationCenterY": height / 2,
    }


def _picture_size(contents: bytes) -> tuple[float, float]:
    if contents.startswith(b"\x89PNG"):
        return Image.open(io.BytesIO(contents)).size
    match = re.search(rb'<svg[^>]*\bwidth="([\d.]+)"[^>]*\bheight="([\d.]+)"', contents)
    if match is None:
        raise ValueError("an SVG costume needs width and height, in that order")
    return float(match[1]), float(match[2])


@dataclass
class _Writer:
    project: Project
    say: Say
    broadcasts: set[str] = field(default_factory=set)
    blocks: dict[str, Json] = field(default_factory=dict)

    def target(self, target: Target, costumes: list[Costume], layer: int) -> Json:
        is_stage = layer == 0
        self.blocks = {}
        for script in target.scripts:
            self.script(script)
        written: Json = {
            "isStage": is_stage,
            "name": target.name if is_stage else self.say(target.name),
            "variables": {},
            "lists": {},
            "broadcasts": {},
            "blocks": self.blocks,
            "comments": {
                f"comment-{index}": {
                    "blockId": None,
                    "x": comment.x,
                    "y": comment.y,
                    "width": comment.width,
                    "height": comment.height,
                    "minimized": False,
                    "text": "\n".join(map(self.say, comment.text.split("\n"))),
                }
                for index, comment in enumerate(target.comments)
            },
            "currentCostume": 0,
            "costumes": [_costume_json(costume) for costume in costumes],
            "sounds": [],
            "volume": 100,
            "layerOrder": layer,
        }
        return written | (self.stage_parts() if is_stage else _sprite_parts(target))

    def stage_parts(self) -> Json:
        variables = self.project.variables.items()
        return {
            "variables": {
                _id("variable", name): [self.say(name), value] for name, value in variables
            },
            "lists": {_id("list", name): [self.say(name), []] for name in self.project.lists},
            "tempo": 60,
            "videoTransparency": 50,
            "videoState": "off",
            "textToSpeechLanguage": None,
        }

    def monitor(self, monitor: Monitor) -> Json:
        least, most = monitor.slider or (0, 100)
        return {
            "id": _id("variable", monitor.variable),
            "mode": "slider" if monitor.slider else "default",
            "opcode": "data_variable",
            "params": {"VARIABLE": self.say(monitor.variable)},
            "spriteName": None,
            "value": self.project.variables[monitor.variable],
            "width": 0,
            "height": 0,
            "x": monitor.x,
            "y": monitor.y,
            "visible": True,
            "sliderMin": least,
            "sliderMax": most,
            "isDiscrete": True,
        }

    def script(self, script: Script) -> None:
        first = self.stack(script.statements, None)
        if first:
            self.blocks[first] |= {"topLevel": True, "x": script.x, "y": script.y}

    def stack(self, statements: list[Statement], parent: str | None) -> str | None:
        """Write blocks that hang together; return the first one's id."""
        ids: list[str] = []
        for statement in statements:
            block_id = self.call(statement.call, ids[-1] if ids else parent)
            inputs = self.blocks[block_id]["inputs"]
            for name, body in (("SUBSTACK", statement.body), ("SUBSTACK2", statement.otherwise)):
                first = self.stack(body, block_id)
                if first:
                    inputs[name] = [_NO_SHADOW, first]
            if ids:
                self.blocks[ids[-1]]["next"] = block_id
            ids.append(block_id)
        return ids[0] if ids else None

    def call(self, call: Call, parent: str | None) -> str:
        block_id = self.block(call.block.opcode, parent)
        written = self.blocks[block_id]
        for slot in call.block.slots:
            value = call.values[slot.name]
            if slot.kind == "field":
                written["fields"][slot.name] = self.field(slot, str(value))
            else:
                written["inputs"][slot.name] = self.input(slot, value, block_id)
        if call.block.opcode == "control_stop":
            others = str(call.values["STOP_OPTION"]).startswith("other")
            written["mutation"] = {
                "tagName": "mutation",
                "children": [],
                "hasnext": "true" if others else "false",
            }
        return block_id

    def block(self, opcode: str, parent: str | None, shadow: bool = False) -> str:
        block_id = f"block-{len(self.blocks)}"
        self.blocks[block_id] = {
            "opcode": opcode,
            "next": None,
            "parent": parent,
            "inputs": {},
            "fields": {},
            "shadow": shadow,
            "topLevel": False,
        }
        return block_id

    def field(self, slot: Slot, value: str) -> list[str | None]:
        if slot.name == "BROADCAST_OPTION":
            self.broadcasts.add(value)
            return [self.say(value), _id("broadcast", value)]
        kinds = {"VARIABLE": "variable", "LIST": "list"}
        if slot.name in kinds:
            return [self.say(value), _id(kinds[slot.name], value)]
        return [value, None]

    def input(self, slot: Slot, value: str | Variable | Call, parent: str) -> list[Any]:
        if isinstance(value, str):
            return [_SHADOW_ONLY, self.shadow(slot, value, parent)]
        inside: Any
        if isinstance(value, Variable):
            inside = [_VARIABLE, self.say(value.name), _id("variable", value.name)]
        else:
            inside = self.call(value, parent)
        if slot.kind == "condition":
            return [_NO_SHADOW, inside]
        return [_COVERED_SHADOW, inside, self.shadow(slot, "", parent)]

    def shadow(self, slot: Slot, value: str, parent: str) -> Any:
        """Write what a slot holds when no block is in it; return its id or its short form."""
        if slot.name == "BROADCAST_INPUT":
            self.broadcasts.add(value)
            return [_BROADCAST, self.say(value), _id("broadcast", value)]
        if slot.kind == "menu":
            opcode, field_name = MENU_BLOCKS[slot.name]
            menu = self.block(opcode, parent, shadow=True)
            self.blocks[menu]["fields"][field_name] = [value, None]
            return menu
        if slot.kind == "text":
            return [_TEXT, self.say(value)]
        return [_WHOLE_NUMBER if slot.name in WHOLE_NUMBERS else _NUMBER, value]


def _sprite_parts(target: Target) -> Json:
    return {
        "visible": target.visible,
        "x": target.x,
        "y": target.y,
        "size": 100,
        "direction": 90,
        "draggable": False,
        "rotationStyle": "all around",
    }
