"""How far a change in a picture reaches through a network, and the crop that suffices to follow it.

A covered square changes a box of the picture. Through convolutions, pooling, padding and
everything that works value by value, the change stays inside a box of every feature map,
which grows by each kernel and shrinks by each stride. To compute just that box, it is
enough to run the layers on a crop of their input, as long as

- the crop's windows fall on the same places as those of the whole map (`offset` is whole), and
- no value that is kept has looked over the edge of the crop, except where that edge is the
  edge of the map itself, where the network's own padding is right.

Then each kept value is calculated from the same numbers, with the same operations, as in a
run on the whole map: the result is exact, not approximate. The idea is that of Krypton
(Nakandala et al., "Incremental and Approximate Inference for Faster Occlusion-based Deep CNN
Explanations", SIGMOD 2019), of which only the exact half is used here.

Rows and columns do not influence each other's reach, so everything here is about one axis.
All spans are half open, in pixels of the map that they speak of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

Span = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """One operation along one axis.

    Attributes:
        inputs: numbers of the maps that it reads; all have the same size.
        output: number of the map that it makes.
        extent: how many neighbours one output value reads: (kernel − 1) × dilation + 1.
        stride: by how much that window moves from one output value to the next.
        same: whether it pads as TensorFlow's "same" (by the size at hand), or not at all.
        pad: zeros added before and after by an operation that does only that.
    """

    inputs: tuple[int, ...]
    output: int
    extent: int = 1
    stride: int = 1
    same: bool = False
    pad: Span = (0, 0)

    def size_after(self, size: int) -> int:
        """Size of the output for an input of `size`."""
        if self.same:
            return -(-size // self.stride)
        return (size + sum(self.pad) - self.extent) // self.stride + 1

    def before(self, size: int) -> int:
        """How many padded values lie before the first of an input of `size`."""
        if not self.same:
            return self.pad[0]
        total = max((self.size_after(size) - 1) * self.stride + self.extent - size, 0)
        return total // 2


@dataclass(frozen=True)
class Trace:
    """What a run on a crop gives.

    Attributes:
        offset: where the crop's first output lies in the whole output.
        valid: span of the whole output that the crop computes exactly.
        size: number of outputs of the crop.
    """

    offset: int
    valid: Span
    size: int


@dataclass(frozen=True)
class Crop:
    """Where to cut out of the input, and what to keep of the output.

    Attributes:
        start: first value of the crop in the whole input.
        kept: span of the whole output that is computed anew.
        skip: place of `kept` in the crop's own output.
    """

    start: int
    kept: Span
    skip: int


class Axis:
    """One axis of some consecutive layers: a first map, steps, and a last map."""

    def __init__(self, steps: Iterable[Step], first: int, last: int, size: int):
        self.steps = tuple(steps)
        self.first = first
        self.last = last
        self.sizes = {first: size}
        self.total_stride = 1
        strides = {first: 1}
        for step in self.steps:
            self.sizes[step.output] = step.size_after(self.sizes[step.inputs[0]])
            strides[step.output] = max(strides[name] for name in step.inputs) * step.stride
            self.total_stride = max(self.total_stride, strides[step.output])
        self._traces: dict[Span, Trace | None] = {}

    def reached(self, changed: Span) -> Span:
        """The span of the last map that can change when `changed` of the first map does."""
        spans = {self.first: changed}
        for step in self.steps:
            size = self.sizes[step.inputs[0]]
            before = step.before(size)
            low = min(spans[name][0] for name in step.inputs)
            high = max(spans[name][1] for name in step.inputs)
            first = -(-(low + before - step.extent + 1) // step.stride)
            last = (high - 1 + before) // step.stride
            bound = self.sizes[step.output]
            spans[step.output] = min(max(first, 0), bound), min(max(last + 1, 0), bound)
        return spans[self.last]

    def trace(self, start: int, stop: int) -> Trace | None:
        """Follow the crop [start, stop) of the first map; None if its windows fall elsewhere."""
        if (start, stop) not in self._traces:
            self._traces[start, stop] = self._follow(start, stop)
        return self._traces[start, stop]

    def _follow(self, start: int, stop: int) -> Trace | None:
        traces = {self.first: Trace(start, (start, stop), stop - start)}
        for step in self.steps:
            into = [traces[name] for name in step.inputs]
            if any((one.offset, one.size) != (into[0].offset, into[0].size) for one in into):
                return None
            whole, crop = self.sizes[step.inputs[0]], into[0].size
            size = step.size_after(crop)
            if size < 1:
                return None
            shift = into[0].offset + step.before(whole) - step.before(crop)
            offset, rest = divmod(shift, step.stride)
            if rest:
                return None
            low = max(one.valid[0] for one in into)
            high = min(one.valid[1] for one in into)
            valid = self._valid_after(step, (low, high), whole)
            valid = max(valid[0], offset), min(valid[1], offset + size)
            traces[step.output] = Trace(offset, valid, size)
        return traces[self.last]

    def _valid_after(self, step: Step, valid: Span, whole: int) -> Span:
        """Outputs whose windows, as far as they lie on the map, lie within `valid`."""
        before = step.before(whole)
        low, high = valid
        first = 0 if low == 0 else -(-(low + before) // step.stride)
        end = (high + before - step.extent) // step.stride + 1
        return first, self.sizes[step.output] if high == whole else end

    def needed(self, kept: Span) -> Span:
        """The span of the first map that `kept` of the last map is calculated from."""
        spans = {self.last: kept}
        for step in reversed(self.steps):
            if step.output not in spans:
                continue
            size = self.sizes[step.inputs[0]]
            low, high = spans[step.output]
            first = max(low * step.stride - step.before(size), 0)
            end = min((high - 1) * step.stride - step.before(size) + step.extent, size)
            for name in step.inputs:
                other = spans.get(name, (first, end))
                spans[name] = min(first, other[0]), max(end, other[1])
        return spans[self.first]

    def crops(self, changes: Iterable[Span]) -> tuple[int, dict[Span, Crop]]:
        """The smallest length of crop that suffices for each of `changes`, and the crops.

        One length for all, because a compiled network has one size of input. A change that
        does not reach the last map at all has no crop.
        """
        kept = {change: self.reached(change) for change in changes}
        kept = {change: keep for change, keep in kept.items() if keep[0] < keep[1]}
        whole = self.sizes[self.first]
        widest = max((self._width(keep) for keep in kept.values()), default=1)
        # As long as all of it up to whole strides, so that a crop can lie at either edge.
        length = whole - (whole - widest) // self.total_stride * self.total_stride
        while length < whole:
            found = {change: self._place(keep, length) for change, keep in kept.items()}
            if None not in found.values():
                return length, {change: crop for change, crop in found.items() if crop}
            length += self.total_stride
        return whole, {change: Crop(0, keep, keep[0]) for change, keep in kept.items()}

    def _width(self, kept: Span) -> int:
        low, high = self.needed(kept)
        return high - low

    def _place(self, kept: Span, length: int) -> Crop | None:
        low, high = self.needed(kept)
        last = self.sizes[self.first] - length
        start = min(low // self.total_stride * self.total_stride, last)
        if start + length < high:
            return None
        traced = self.trace(start, start + length)
        if traced is None or kept[0] < traced.valid[0] or traced.valid[1] < kept[1]:
            return None
        return Crop(start, kept, kept[0] - traced.offset)


@lru_cache(maxsize=64)
def apart(spans: tuple[Span, ...]) -> list[list[int]]:
    """Groups of spans that do not overlap, as few as possible, by their places in `spans`.

    Changes that reach spans apart from each other may share a run: no value is calculated
    from two of them.
    """
    groups: list[list[int]] = []
    for place in sorted(range(len(spans)), key=lambda place: spans[place]):
        low = spans[place][0]
        free = next((group for group in groups if spans[group[-1]][1] <= low), None)
        if free is None:
            groups.append([place])
        else:
            free.append(place)
    return groups
