"""What a method is: its settings, its needs, and the question that it answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from backend.classifiers.base import Classifier, Prediction
from backend.classifiers.gradients import Network
from backend.errors import BadSetting
from backend.explanations.base import Caution, Pooling
from backend.explanations.sweep import label_index, predict
from backend.grid import Grid
from backend.picture import Fit, Picture

Kind = Literal["whole", "number", "choice", "choices", "layer"]


@dataclass(frozen=True)
class Setting:
    """One setting of a method, from which forms and command lines are built.

    Attributes:
        kind: `whole` or `number` in the range `lowest` to `highest`; `choice`: one of
            `options`; `choices`: several of them, joined by commas; `layer`: a layer's name,
            its index among the model's layers, or one of `options`.
        meaning: one line for people.
    """

    name: str
    kind: Kind
    default: Any
    meaning: str
    lowest: float | None = None
    highest: float | None = None
    options: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The setting as `GET /api/methods` shows it."""
        described = {"name": self.name, "kind": self.kind, "default": self.default}
        described["meaning"] = self.meaning
        if self.lowest is not None:
            described |= {"lowest": self.lowest, "highest": self.highest}
        if self.options:
            described["options"] = list(self.options)
        return described

    def read(self, value: Any) -> Any:
        """Bring a value, or the text of one, into its kind and range.

        Raises:
            BadSetting: it is not allowed.
        """
        if self.kind in ("whole", "number"):
            return self._number(value)
        text = str(value)
        if self.kind == "choice" and text not in self.options:
            raise self._refused(text, "Choose one of: " + ", ".join(self.options) + ".")
        if self.kind == "choices":
            chosen = text.split(",") if isinstance(value, str) else [str(one) for one in value]
            for one in chosen:
                if one not in self.options or chosen.count(one) > 1:
                    hint = "Choose one or several, joined by commas: "
                    raise self._refused(text, hint + ", ".join(self.options) + ".")
            return ",".join(chosen)
        return text

    def _number(self, value: Any) -> float | int:
        try:
            number = float(value)
            if self.kind == "whole":
                number = int(value) if isinstance(value, str) else int(number)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        lowest, highest = self.lowest, self.highest
        assert lowest is not None and highest is not None
        if not lowest <= number <= highest or (self.kind == "whole" and number != float(value)):
            kind = "a whole number" if self.kind == "whole" else "a number"
            raise self._refused(value, f"Choose {kind} from {lowest:.12g} to {highest:.12g}.")
        return number

    def _refused(self, value: Any, hint: str) -> BadSetting:
        message = f"“{str(value)[:40]}” does not work for the setting “{self.name}”."
        return BadSetting(f"bad_{self.name}", message, hint)


@dataclass(frozen=True)
class Question:
    """One picture, fitted for one classifier, and the label that is to be explained.

    Attributes:
        network: the same classifier with gradients, or None where it has none.
        way, fit: how the picture is fitted, by name and in px.
        model_input: (H, W, 3) uint8, the fitted picture.
        before: the prediction on it.
        target: index of the label.
        references: (R, H, W, 3) uint8, pictures to compare with, or None.
        tell: takes the share of the work that is done, 0 to 1, now and then; what it raises
            ends the work.
    """

    classifier: Classifier
    network: Network | None
    picture: Picture
    way: str
    fit: Fit
    grid: Grid
    model_input: np.ndarray
    before: Prediction
    target: int
    references: np.ndarray | None = None
    tell: Callable[[float], None] = lambda share: None

    @classmethod
    def about(
        cls,
        classifier: Classifier,
        network: Network | None,
        picture: Picture,
        rows: int,
        columns: int,
        target: str | None = None,
        fit: str | None = None,
        references: list[Picture] | None = None,
        tell: Callable[[float], None] = lambda share: None,
    ) -> "Question":
        """Ask about a picture; the winner is explained if `target` is None.

        Raises:
            BadSetting: impossible squares, or no such fit.
            NotFound: no such label.
            CannotUse: the classifier answers with something that is not a number.
        """
        grid = Grid(rows, columns, picture.height_px, picture.width_px)
        wanted = None if target is None else label_index(classifier, target)
        way = fit or classifier.fit
        plan = Fit.of(picture, classifier.input_size, way)
        model_input = plan.apply(picture.pixels)
        before = predict(classifier, model_input)
        fitted = [
            Fit.of(one, classifier.input_size, way).apply(one.pixels) for one in references or ()
        ]
        return cls(
            classifier=classifier,
            network=network,
            picture=picture,
            way=way,
            fit=plan,
            grid=grid,
            model_input=model_input,
            before=before,
            target=before.winner if wanted is None else wanted,
            references=np.stack(fitted) if fitted else None,
            tell=tell,
        )

    @property
    def score(self) -> float:
        """The target's logit, or its probability where the model has no logits."""
        scores = self.before.confidence if self.before.logits is None else self.before.logits
        return float(scores[self.target])


@dataclass(frozen=True)
class Found:
    """What a method found: the parts of an `Explanation` (see there) that it knows.

    Attributes:
        attribution: (H, W) over the input; or `relevance` (rows, columns), or both.
        pooling: how relevance follows from the attribution where it is not given.
        degree: 2 where the map's numbers are squares of what it is measured in.
    """

    unit: str
    attribution: np.ndarray | None = None
    relevance: np.ndarray | None = None
    pooling: Pooling = "mean"
    degree: int = 1
    example_score: float | None = None
    baseline_score: float | None = None
    completeness_gap: float | None = None
    approx_error: float | None = None
    standard_error: np.ndarray | None = None
    seed: int | None = None
    flat: bool = False
    maps: np.ndarray | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True)
class Method:
    """One explanation method.

    Attributes:
        title, purpose: for people; `paper` says where it comes from.
        needs: `scores` of any classifier, or `gradients`.
        run: answers a `Question`, with every setting by its name.
        needs_target: whether the answer depends on the label.
        needs_references: whether it compares with other pictures.
    """

    name: str
    title: str
    purpose: str
    paper: str
    needs: Literal["scores", "gradients"]
    settings: tuple[Setting, ...]
    run: Callable[..., Found]
    needs_target: bool = True
    needs_references: bool = False

    def why_not(self, gradients: bool, layers: Sequence[str]) -> str | None:
        """Why a classifier cannot be asked; None if it can.

        Args:
            gradients: whether it gives any.
            layers: those of its layers that have height and width.
        """
        if self.needs == "scores":
            return None
        if not gradients:
            return "This classifier gives no gradients: it came without a Keras file."
        if not layers and any(
            one.name == "layer" and one.default == "auto" for one in self.settings
        ):
            return "No layer of this classifier has height and width."
        return None

    def read_settings(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """All settings: those given, checked, and the defaults of the others.

        Raises:
            BadSetting: an unknown one, or a value that is not allowed.
        """
        known = {setting.name: setting for setting in self.settings}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise BadSetting(
                "unknown_setting",
                f"The method {self.name} has no setting called “{unknown[0][:40]}”.",
                f"Its settings: {', '.join(known)}." if known else "Leave it out.",
            )
        return {
            name: setting.read(given[name]) if name in given else setting.default
            for name, setting in known.items()
        }
