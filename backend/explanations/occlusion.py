"""Occlusion: cover a patch, see how far the score falls, move on.

Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks" (2014). Ours differs
from it and from other programs in that every pixel is covered (the last patch of a row moves
inward until it fits), a pixel under several patches gets their mean, and the drop is that
of the log-odds unless asked otherwise.
"""

from contextlib import closing
from itertools import chain

import numpy as np

from backend.errors import BadSetting
from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.coalitions import LEAST, MEASURES, UNITS, read_values
from backend.explanations.cover import COVERS, SameSizeInputs
from backend.explanations.sweep import Sweep
from backend.grid import Box
from backend.picture import Picture

MOST_PATCHES = 20_000


def occlusion(question: Question, patch_px: int, stride_px: int, cover: str, measure: str) -> Found:
    """Cover every square, or every patch of the model's input.

    Args:
        patch_px: side of a patch in px of the input; 0 for the squares of the grid.
        stride_px: from one patch to the next; 0 for one beside the other.

    Raises:
        BadSetting: patches that leave gaps, do not fit, or are too many.
    """
    unit, least = f"{UNITS[measure]} drop", LEAST[measure]
    if patch_px == 0:
        if stride_px:
            raise _bad_stride("A stride needs a patch.", "Give patch_px as well.")
        relevance = _cover_squares(question, cover, measure)
        return Found(unit, relevance=relevance, flat=bool(relevance.max() < least))
    attribution = _cover_patches(question, patch_px, stride_px or patch_px, cover, measure)
    return Found(unit, attribution, flat=bool(attribution.max() < least))


def _cover_squares(question: Question, cover: str, measure: str) -> np.ndarray:
    grid, labels = question.grid, question.classifier.labels
    sweep = Sweep(
        question.classifier,
        question.picture,
        grid.rows,
        grid.columns,
        cover,
        labels[question.target],
        question.way,
    )
    relevance = np.zeros((grid.rows, grid.columns), np.float32)
    for done, square in enumerate(sweep.squares(), 1):
        drop = square.log_odds_drop if measure == "log_odds" else square.confidence_drop
        relevance[square.row, square.column] = drop
        question.tell(done / (sweep.start.evaluations - 1))
    return relevance


def _cover_patches(
    question: Question, patch_px: int, stride_px: int, cover: str, measure: str
) -> np.ndarray:
    boxes = patch_boxes(question.model_input.shape[:2], patch_px, stride_px)
    inputs = SameSizeInputs(Picture(question.model_input), cover, boxes)
    total = np.zeros(question.model_input.shape[:2])
    times = np.zeros_like(total)
    prepared = question.classifier.prepare(lambda: question.model_input)
    (before,) = read_values(question, prepared.scores[np.newaxis], measure)
    with closing(prepared.patched(inputs.patches())) as measured:
        values = chain.from_iterable(read_values(question, scores, measure) for scores in measured)
        for done, (box, value) in enumerate(zip(boxes, values, strict=True), 1):
            total[box.top : box.bottom, box.left : box.right] += before - value
            times[box.top : box.bottom, box.left : box.right] += 1
            question.tell(done / len(boxes))
    return (total / times).astype(np.float32)


def patch_boxes(size: tuple[int, int], patch_px: int, stride_px: int) -> list[Box]:
    """Where patches lie so that together they cover every pixel of (height, width), in px.

    Raises:
        BadSetting: the patch is larger than the input, the stride leaves gaps, or there
            would be more than `MOST_PATCHES`.
    """
    if patch_px > min(size):
        raise BadSetting(
            "bad_patch_px",
            f"A patch of {patch_px} pixels is larger than what the classifier sees "
            f"({size[1]} × {size[0]}).",
            f"Choose a patch of 1 to {min(size)} pixels.",
        )
    if stride_px > patch_px:
        raise _bad_stride(
            f"A stride of {stride_px} with a patch of {patch_px} leaves some pixels uncovered.",
            f"Choose a stride of 1 to {patch_px}.",
        )
    rows, columns = ([*range(0, side - patch_px, stride_px), side - patch_px] for side in size)
    if len(rows) * len(columns) > MOST_PATCHES:
        raise _bad_stride(
            f"That would be {len(rows) * len(columns)} patches, which takes too long.",
            "Choose a larger stride.",
        )
    return [Box(top, left, top + patch_px, left + patch_px) for top in rows for left in columns]


def _bad_stride(message: str, hint: str) -> BadSetting:
    return BadSetting("bad_stride_px", message, hint)


METHOD = Method(
    name="occlusion",
    title="Occlusion",
    purpose="Cover one part after the other: where does the score fall?",
    paper="Zeiler & Fergus 2014",
    needs="scores",
    settings=(
        Setting("patch_px", "whole", 0, "side of a patch; 0 for the squares", 0, 2048),
        Setting("stride_px", "whole", 0, "steps between patches; 0: side by side", 0, 2048),
        Setting("cover", "choice", "black", "what hides a part", options=tuple(COVERS)),
        Setting("measure", "choice", "log_odds", "what is to fall", options=MEASURES),
    ),
    run=occlusion,
)
