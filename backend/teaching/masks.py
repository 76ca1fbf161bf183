"""Which file says where in a picture the thing itself is.

`masks/a.png` beside `a.png`; where another picture of this name comes first (`a.jpg` before
`a.png`), the whole name counts: `masks/a.png.png`. So nobody paints over another one's mask.
"""

from collections.abc import Collection
from pathlib import Path

MASKS = "masks"


def mask_names(name: str, others: Collection[str]) -> list[str]:
    """Which names the mask of a picture may have, the one to look for first in front.

    Args:
        others: the names of all pictures beside it; it may be among them.
    """
    whole, stem = f"{name}.png", f"{Path(name).stem}.png"
    taken = any(Path(other).stem == Path(name).stem and other < name for other in others)
    return [whole] if taken else [whole, stem]


def mask_of(picture: Path, others: Collection[str]) -> Path:
    """The file that the mask of a picture is in, or would be in."""
    folder = picture.parent / MASKS
    paths = [folder / name for name in mask_names(picture.name, others)]
    return next((path for path in paths if path.is_file()), paths[-1])
