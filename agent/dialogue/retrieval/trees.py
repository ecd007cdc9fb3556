"""Small decision trees whose leaves add up to a logit: how likely the first topic answers the question."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int16]
Real = npt.NDArray[np.float64]
LEAF = -1


@dataclass(frozen=True, kw_only=True)
class Trees:
    """Nodes of all trees, each array of shape (trees, nodes); `feature` is LEAF where `value` counts.

    At a node what is at most `at` goes left, the rest goes right.
    """

    feature: Whole
    at: Real
    left: Whole
    right: Whole
    value: Real

    def logit(self, numbers: Real) -> float:
        """Add up the leaves that some numbers end in."""
        each = np.arange(len(self.feature))
        node = np.zeros(len(each), np.int16)
        for _ in range(self.feature.shape[1]):
            feature = self.feature[each, node]
            inner = feature != LEAF
            if not inner.any():
                break
            low = numbers[feature] <= self.at[each, node]
            node = np.where(inner, np.where(low, self.left[each, node], self.right[each, node]), node)
        return float(self.value[each, node].sum())

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return what `from_arrays` takes, by name."""
        return {f"tree_{one.name}": getattr(self, one.name) for one in fields(self)}

    @staticmethod
    def from_arrays(kept: "dict[str, npt.NDArray[np.generic]]") -> "Trees":
        """Return the trees kept under the names that `arrays` gave."""
        return Trees(
            feature=kept["tree_feature"].astype(np.int16),
            at=kept["tree_at"].astype(np.float64),
            left=kept["tree_left"].astype(np.int16),
            right=kept["tree_right"].astype(np.int16),
            value=kept["tree_value"].astype(np.float64),
        )
