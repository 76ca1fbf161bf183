"""Dropping files on a page as a hand would: the events that a browser sends."""

import base64
from pathlib import Path

DROP = """({ files, on }) => {
  const transfer = new DataTransfer();
  for (const { name, type, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer });
    document.querySelector(on).dispatchEvent(event);
  }
}"""


def drop_bytes(page, *files: tuple[str, bytes], on: str = "main") -> None:
    """Drop files given as (name, content) on what the selector `on` finds."""
    page.evaluate(
        DROP,
        {
            "on": on,
            "files": [
                {"name": name, "type": "", "base64": base64.b64encode(content).decode()}
                for name, content in files
            ],
        },
    )


def drop(page, *paths: Path) -> None:
    """Drop files of this computer."""
    drop_bytes(page, *((path.name, path.read_bytes()) for path in paths))
