"""Why a model cannot be used, in words for those who made it; only what several formats say."""

from backend.errors import CannotUse


def damaged() -> CannotUse:
    """A file of a known kind that cannot be read to the end."""
    return CannotUse(
        "damaged_model",
        "The model file is damaged or not complete.",
        "Export or download it again and try once more.",
    )


def not_allowed(part: str, where: str = "") -> CannotUse:
    """A part that could run code, or that we do not know.

    Args:
        part: its kind.
        where: its own name in the model, if it has one.
    """
    place = f" (in “{where[:80]}”)" if where else ""
    return CannotUse(
        "not_allowed_layer",
        f"The model has a part that we do not run: {part[:80]}{place}.",
        "Use a model made only of ordinary image layers, without Lambda or self-written ones.",
    )


def not_for_pictures() -> CannotUse:
    """A model whose input has the shape or type of something else."""
    return CannotUse(
        "not_for_pictures",
        "The model does not take pictures: it may be made for sounds, poses or text.",
        "Use an image model (in Teachable Machine: “Image Project”).",
    )


def several_inputs(number: int) -> CannotUse:
    """A model that wants more than one picture."""
    return CannotUse(
        "several_inputs",
        f"The model has {number} inputs, but we have only one picture to give it.",
        "Use a model with one picture as its input.",
    )


def several_outputs() -> CannotUse:
    """A model that answers more than one question."""
    return CannotUse(
        "several_outputs",
        "The model has several outputs, so it is not a plain image classifier.",
        "Use a model with one picture as its input and one list of classes as its output.",
    )


def not_softmax() -> CannotUse:
    """A model whose outputs are independent yes-or-no answers."""
    return CannotUse(
        "not_softmax",
        "The model answers yes or no for each class by itself (sigmoid) instead of sharing "
        "100 % among the classes.",
        "Train it again with softmax in the last layer.",
    )
