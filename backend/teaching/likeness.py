"""Which pictures are nearly the same, as those are that a camera takes in one second.

A picture's sign: whether each of 8 × 8 places of a tiny grey copy is darker than its right
neighbour ("difference hash"), and the same downwards, 128 bits.
"""

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
    packed = signs.astype(np.uint8)
    group = np.arange(len(signs))
    for at in range(1, len(signs)):
        different = (packed[:at] != packed[at]).sum(axis=1)
        alike = np.flatnonzero(different <= MOST_DIFFERENT_BITS)
        if alike.size:
            joined = np.unique(group[alike])
            group[at] = joined[0]
            group[np.isin(group, joined[1:])] = joined[0]
    return group


def twins_of(signs: np.ndarray, small: np.ndarray) -> list[list[int]]:
    """Find pictures that are nearly the same in their colours as well.

    Args:
        signs: (N, 128) bool.
        small: (N, S, S, 3) uint8, small copies; S is a multiple of 12.

    Returns:
        The places of each group, ascending; a picture without twins is a group of its own.
    """
    size = small.shape[1] // BLOCKS
    blocks = small.reshape(-1, BLOCKS, size, BLOCKS, size, 3).mean(axis=(2, 4))
    blocks -= blocks.mean(axis=(1, 2, 3), keepdims=True)  # brighter is no other picture
    alike, found = groups_of(signs), []
    for group in np.unique(alike):
        twins: list[list[int]] = []
        for at in np.flatnonzero(alike == group).tolist():
            joined, others = [at], []
            for one in twins:
                apart = np.abs(blocks[one] - blocks[at]).max(axis=(1, 2, 3)).min()
                if apart <= MOST_BLOCK_APART:
                    joined += one
                else:
                    others.append(one)
            twins = [*others, sorted(joined)]
        found += twins
    return found
