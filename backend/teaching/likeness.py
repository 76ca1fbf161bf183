"""Which pictures are nearly the same, as those are that a camera takes in one second.

A picture's sign: whether each of 8 × 8 places of a tiny grey copy is darker than its right
neighbour ("difference hash"), and the same downwards, 128 bits.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

SIDE = 8
MOST_DIFFERENT_BITS = 10
"""Of 128. Two frames of a still hand differ by up to 8; other poses by 25 and more."""
BLOCKS, MOST_BLOCK_APART = 12, 30
"""In steps of colour. Signs hardly see a small thing before a wall with a pattern: that it is
another thing, or elsewhere, shows in the colours of a block of the picture."""


def sign_of(pixels: np.ndarray) -> np.ndarray:
    """The sign of a picture (H, W, 3) uint8: (128,) bool."""
    grey = Image.fromarray(pixels).convert("L")
    tiny = grey.resize((SIDE + 1, SIDE + 1), Image.Resampling.BOX)
    values = np.asarray(tiny).astype(int)
    across = values[:SIDE, :SIDE] < values[:SIDE, 1:]
    down = values[:SIDE, :SIDE] < values[1:, :SIDE]
    return np.concatenate([across.ravel(), down.ravel()])


def groups_of(signs: np.ndarray) -> np.ndarray:
    """Put pictures that are nearly the same into one group, also over several steps.

    Args:
        signs: (N, 128) bool.

    Returns:
        (N,) the number of each picture's group: the place of its first member.
    """
    packed = np.packbits(signs, axis=1).view(np.uint64)

    def alike(at: int) -> np.ndarray:
        different = np.bitwise_count(packed[:at] ^ packed[at]).sum(axis=1)
        return np.flatnonzero(different <= MOST_DIFFERENT_BITS)

    return _joined(len(signs), alike)


def twins_of(signs: np.ndarray, small: np.ndarray) -> np.ndarray:
    """Put pictures that are nearly the same in their colours as well into one group.

    Args:
        signs: (N, 128) bool.
        small: (N, S, S, 3) uint8, small copies; S is a multiple of 12.

    Returns:
        (N,) as `groups_of`.
    """
    size = small.shape[1] // BLOCKS
    blocks = small.reshape(-1, BLOCKS, size, BLOCKS, size, 3).mean(axis=(2, 4), dtype=np.float32)
    blocks -= blocks.mean(axis=(1, 2, 3), keepdims=True)  # brighter is no other picture
    blocks = blocks.round().astype(np.int16).reshape(len(signs), BLOCKS, -1)
    alike, group = groups_of(signs), np.arange(len(signs))
    for one in np.unique(alike):
        places = np.flatnonzero(alike == one)
        if len(places) > 1:
            group[places] = places[_joined(len(places), _nearness(blocks[places]))]
    return group


def tiny_of(pixels: np.ndarray) -> np.ndarray:
    """The smallest copy of a picture (H, W, 3) uint8 that `twins_of` can use: (12, 12, 3)."""
    image = Image.fromarray(pixels).resize((BLOCKS, BLOCKS), Image.Resampling.BOX)
    return np.asarray(image)


def _nearness(blocks: np.ndarray) -> Callable[[int], np.ndarray]:
    """A function that tells which of the pictures before one differ in no block (N, 12, 36)."""
    # Their means first: most pictures differ there, and that is a twelfth of the work.
    means = blocks.mean(axis=1).round().astype(np.int16)

    def near(at: int) -> np.ndarray:
        close = np.abs(means[:at] - means[at]).max(axis=1) <= MOST_BLOCK_APART
        places = np.flatnonzero(close)
        apart = np.abs(blocks[places] - blocks[at]).max(axis=(1, 2), initial=0)
        return places[apart <= MOST_BLOCK_APART]

    return near


def _joined(count: int, alike: Callable[[int], np.ndarray]) -> np.ndarray:
    """Groups (count,) of what is alike, also over several steps.

    Args:
        alike: gives the places before one that are alike to it.
    """
    group = np.arange(count)
    for at in range(1, count):
        joined = np.unique(group[alike(at)])
        if joined.size:
            group[at] = joined[0]
            group[np.isin(group, joined[1:])] = joined[0]
    return group
