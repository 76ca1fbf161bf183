"""Squares of a picture and the pixels that they cover."""

from dataclasses import dataclass

from backend.errors import BadSetting

LARGEST_SIDE = 64


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels, half open: row `bottom` and column `right` are outside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """Rows × columns of squares that together cover every pixel of a picture.

    Where the size does not divide evenly, squares differ by one pixel; none is left out.
    Rows and columns count from 0 here, from 1 wherever people read them.
    """

    rows: int
    columns: int
    height_px: int
    width_px: int

    def __post_init__(self) -> None:
        for name, count, size_px in (
            ("rows", self.rows, self.height_px),
            ("columns", self.columns, self.width_px),
        ):
            if not 1 <= count <= LARGEST_SIDE:
                raise BadSetting(
                    f"bad_{name}",
                    f"There can be 1 to {LARGEST_SIDE} {name} of squares, not {count}.",
                    f"Choose a number of {name} from 1 to {LARGEST_SIDE}.",
                )
            if count > size_px:
                pixels = "1 pixel" if size_px == 1 else f"{size_px} pixels"
                raise BadSetting(
                    f"bad_{name}",
                    f"This picture is only {pixels} {'high' if name == 'rows' else 'wide'},"
                    f" too small for {count} {name} of squares.",
                    f"Choose fewer {name} or a larger picture.",
                )

    def box(self, row: int, column: int) -> Box:
        """The pixels of one square."""
        return Box(
            top=row * self.height_px // self.rows,
            left=column * self.width_px // self.columns,
            bottom=(row + 1) * self.height_px // self.rows,
            right=(column + 1) * self.width_px // self.columns,
        )

    def squares(self) -> list[tuple[int, int]]:
        """Every (row, column), along the rows from the top left."""
        return [(row, column) for row in range(self.rows) for column in range(self.columns)]

    def number(self, row: int, column: int) -> int:
        """The number by which people call a square: 1, 2, 3 … along the rows."""
        return row * self.columns + column + 1
