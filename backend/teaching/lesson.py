"""What a lesson is: its settings, checked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from backend.errors import BadSetting
from backend.teaching.augmentation import CHANGES

Way = Literal["head", "network"]
WAYS: tuple[str, ...] = get_args(Way)
USUAL_EPOCHS = {"head": 50, "network": 30}
MOST_EPOCHS, MOST_PROBES, LARGEST_SEED = 500, 4, 2**31 - 1


@dataclass(frozen=True)
class Lesson:
    """How a classifier is taught.

    Attributes:
        way: `head`, a new head on the features of an extractor, or `network`, a small
            network from the start.
        extractor: the id of the model whose features are used.
        epochs: how often all examples are looked at.
        augment: names in CHANGES.
        other_backgrounds: whether things are put on other backgrounds, too.
        probes: names of the pictures that the film shows; one for every label if empty.
    """

    way: Way = "head"
    extractor: str = "own"
    epochs: int = USUAL_EPOCHS["head"]
    seed: int = 0
    augment: tuple[str, ...] = ()
    other_backgrounds: bool = False
    probes: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, Any], extractor: str) -> "Lesson":
        """Read the settings of a request.

        Args:
            extractor: the one that is used if none is given.

        Raises:
            BadSetting: an unknown one, or a value that is not allowed.
        """
        unknown = sorted(set(given) - set(cls.__dataclass_fields__))
        if unknown:
            raise BadSetting(
                "unknown_setting",
                f"There is no setting called “{unknown[0][:40]}” here.",
                "Settings here: " + ", ".join(cls.__dataclass_fields__) + ".",
            )
        way = given.get("way", "head")
        if way not in WAYS:
            raise _refused("way", way, "Choose one of: " + ", ".join(WAYS) + ".")
        changes = given.get("augment", [])
        if not isinstance(changes, list) or any(one not in list(CHANGES) for one in changes):
            raise _refused("augment", changes, "Choose some of: " + ", ".join(CHANGES) + ".")
        probes = given.get("probes", [])
        texts = isinstance(probes, list) and all(isinstance(one, str) for one in probes)
        if not texts or len(probes) > MOST_PROBES:
            raise _refused("probes", probes, f"Choose up to {MOST_PROBES} pictures.")
        backgrounds, chosen = given.get("other_backgrounds", False), given.get("extractor", "")
        if not isinstance(backgrounds, bool):
            raise _refused("other_backgrounds", backgrounds, "Say true or false.")
        if not isinstance(chosen, str):
            raise _refused("extractor", chosen, "Choose the id of a classifier.")
        return cls(
            way=way,
            extractor=chosen or extractor,
            epochs=_whole(given, "epochs", USUAL_EPOCHS[way], 1, MOST_EPOCHS),
            seed=_whole(given, "seed", 0, 0, LARGEST_SEED),
            augment=tuple(dict.fromkeys(changes)),
            other_backgrounds=backgrounds,
            probes=tuple(dict.fromkeys(probes)),
        )

    def as_json(self) -> dict[str, Any]:
        """The settings, as `read` reads them."""
        return asdict(self) | {"augment": list(self.augment), "probes": list(self.probes)}


def _whole(given: Mapping[str, Any], name: str, usual: int, lowest: int, highest: int) -> int:
    value = given.get(name, usual)
    if type(value) is not int or not lowest <= value <= highest:
        raise _refused(name, value, f"Choose a whole number from {lowest} to {highest}.")
    return value


def _refused(name: str, value: Any, hint: str) -> BadSetting:
    return BadSetting(f"bad_{name}", f"“{str(value)[:40]}” does not work for “{name}”.", hint)
