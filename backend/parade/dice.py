"""Chance that can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Option = TypeVar("Option")


def dice_for(seed: int, *aspect: int) -> np.random.Generator:
    """Dice for one aspect of a picture, independent of the dice for every other aspect."""
    return np.random.default_rng([seed, *aspect])


def choose(dice: np.random.Generator, options: Sequence[Option]) -> Option:
    """One of the options, each as likely as the others."""
    return options[int(dice.integers(len(options)))]
