"""A new head on features that are there already: it learns in seconds, in NumPy.

The same head as Teachable Machine's: the mean of every feature map, 100 hidden units with ReLU,
a score for every label. Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015).
"""

from dataclasses import dataclass

import numpy as np

from backend.classifiers.base import softmax

HIDDEN = 100
BATCH = 16
RATE, DECAY = 1e-3, 1e-3
_B1, _B2, _TINY = 0.9, 0.999, 1e-8
_NAMES = ("w1", "b1", "w2", "b2")


@dataclass
class Head:
    """Weights, and what Adam remembers of them.

    Attributes:
        mean, scale: (C,) of the features it learned from, which it brings to mean 0, spread 1.
            The scale is one number for all: a map that is nearly still among a few pictures
            says nothing, and must not be made as loud as the others.
        weights: w1 (C, n), b1 (n,), w2 (n, K), b2 (K,).
    """

    mean: np.ndarray
    scale: np.ndarray
    weights: dict[str, np.ndarray]
    first: dict[str, np.ndarray]
    second: dict[str, np.ndarray]
    steps: int = 0

    @classmethod
    def new(cls, features: np.ndarray, outputs: int, seed: int) -> "Head":
        """A head that has learned nothing, for features (N, C)."""
        random = np.random.default_rng([seed, 1])
        channels = features.shape[1]
        mean = features.mean(axis=0)
        scale = np.full_like(mean, np.sqrt(features.var(axis=0).mean()) + 1e-3)
        weights = {
            "w1": random.normal(0, np.sqrt(2 / channels), (channels, HIDDEN)),
            "b1": np.zeros(HIDDEN),
            "w2": random.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, outputs)),
            "b2": np.zeros(outputs),
        }
        weights = {name: value.astype(np.float32) for name, value in weights.items()}
        empty = {name: np.zeros_like(value) for name, value in weights.items()}
        return cls(mean, scale, weights, empty, {name: one.copy() for name, one in empty.items()})

    def learn(
        self, features: np.ndarray, classes: np.ndarray, random: np.random.Generator
    ) -> float:
        """Go once through all features (N, C) in another order; gives the mean loss."""
        order, losses = random.permutation(len(features)), []
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            losses.append(self._step(features[chosen], classes[chosen]))
        return float(np.mean(losses))

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Pre-softmax scores (N, K)."""
        return self._hidden(features)[1] @ self.weights["w2"] + self.weights["b2"]

    def slopes(self, features: np.ndarray, target: int) -> np.ndarray:
        """How the target's score grows with every feature: (C,) for features (C,)."""
        _, hidden = self._hidden(features[np.newaxis])
        active = (hidden[0] > 0) * self.weights["w2"][:, target]
        return self.weights["w1"] @ active / self.scale

    def layers(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """Kernel and bias of both layers, for features as they are (mean and scale put in)."""
        kernel = self.weights["w1"] / self.scale[:, np.newaxis]
        bias = self.weights["b1"] - self.mean @ kernel
        return (kernel, bias), (self.weights["w2"], self.weights["b2"])

    def state(self) -> dict[str, np.ndarray]:
        """All that is needed to go on later as if nothing had happened."""
        kept = {"mean": self.mean, "scale": self.scale, "steps": np.array(self.steps)}
        for group, values in self._groups():
            kept |= {f"{group} {name}": values[name] for name in _NAMES}
        return kept

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go on from `state`."""
        self.mean, self.scale = state["mean"], state["scale"]
        self.steps = int(state["steps"])
        for group, values in self._groups():
            for name in _NAMES:
                values[name] = state[f"{group} {name}"]

    def _groups(self) -> list[tuple[str, dict[str, np.ndarray]]]:
        return [("weight", self.weights), ("first", self.first), ("second", self.second)]

    def _hidden(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        normal = (features - self.mean) / self.scale
        return normal, np.maximum(normal @ self.weights["w1"] + self.weights["b1"], 0)

    def _step(self, features: np.ndarray, classes: np.ndarray) -> float:
        normal, hidden = self._hidden(features)
        shares = softmax(hidden @ self.weights["w2"] + self.weights["b2"])
        right = shares[np.arange(len(classes)), classes]
        wrong = shares.copy()
        wrong[np.arange(len(classes)), classes] -= 1
        wrong /= len(classes)
        back = (wrong @ self.weights["w2"].T) * (hidden > 0)
        gradients = {
            "w1": normal.T @ back,
            "b1": back.sum(axis=0),
            "w2": hidden.T @ wrong,
            "b2": wrong.sum(axis=0),
        }
        self.steps += 1
        for name, gradient in gradients.items():
            self._adam(name, gradient)
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    def _adam(self, name: str, gradient: np.ndarray) -> None:
        first, second = self.first[name], self.second[name]
        first += (1 - _B1) * (gradient - first)
        second += (1 - _B2) * (gradient**2 - second)
        step = first / (1 - _B1**self.steps)
        spread = np.sqrt(second / (1 - _B2**self.steps)) + _TINY
        # Weights shrink a little by themselves, biases do not (Loshchilov and Hutter 2019).
        shrink = DECAY * self.weights[name] if name.startswith("w") else 0
        self.weights[name] -= (RATE * (step / spread + shrink)).astype(np.float32)
