"""The attacker of published numbers: what each may stand for, what must hold between them, and an integer program.

A cell is an unknown number of persons with bounds; a relation is a sum of cells that is at most some number.
`recovered` says which of the wanted sums of cells can have one value alone.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

MANY = 10_000.0
Cell = Hashable
Sum = dict[Cell, int]


@dataclass
class Attack:
    """Cells with the bounds that the published numbers give them, and the relations that must hold between them."""

    low: dict[Cell, float] = field(default_factory=dict)
    high: dict[Cell, float] = field(default_factory=dict)
    relations: list[tuple[Sum, float]] = field(default_factory=list)

    def between(self, cell: Cell, low: float, high: float) -> None:
        self.low[cell] = max(low, self.low.get(cell, 0.0))
        self.high[cell] = min(high, self.high.get(cell, MANY))

    def at_most(self, parts: Mapping[Cell, int], limit: float = 0.0) -> None:
        """The sum of cells times their factors is at most `limit`."""
        for cell in parts:
            self.between(cell, 0.0, MANY)
        self.relations.append((dict(parts), limit))

    def not_more(self, less: Cell, more: Cell) -> None:
        self.at_most({less: 1, more: -1})

    def holds_for(self, truth: Mapping[Cell, float]) -> list[str]:
        """What of the attack is not true of the real numbers; empty when the attacker reasons well."""
        wrong = [
            f"{c}: {truth[c]} not in {self.low[c]}..{self.high[c]}"
            for c in self.low
            if c in truth and not self.low[c] <= truth[c] <= self.high[c]
        ]
        for parts, limit in self.relations:
            if all(c in truth for c in parts) and sum(truth[c] * factor for c, factor in parts.items()) > limit + 1e-9:
                wrong.append(f"{parts} > {limit}")
        return wrong

    def recovered(self, wanted: Iterable[Sum]) -> list[Sum]:
        """The wanted sums that have the same value in every solution."""
        cells = {cell: i for i, cell in enumerate(self.low)}
        wanted = [parts for parts in wanted if all(cell in cells for cell in parts)]
        entries = [(row, cells[c], f) for row, (parts, _) in enumerate(self.relations) for c, f in parts.items()]
        row, column, factor = (list(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
        matrix = coo_array((factor, (row, column)), shape=(len(self.relations), len(cells))).tocsc()
        limits = [limit for _, limit in self.relations]
        bounds = Bounds([self.low[c] for c in cells], [self.high[c] for c in cells])

        def solve(parts: Iterable[Sum], sign: int) -> np.ndarray:
            cost = np.zeros(len(cells))
            for sum_ in parts:
                for cell, f in sum_.items():
                    cost[cells[cell]] += sign * f
            relations = LinearConstraint(matrix, -np.inf, limits) if limits else ()
            solution = milp(cost, integrality=np.ones(len(cells)), bounds=bounds, constraints=relations)
            assert solution.success, solution.message
            return np.round(solution.x)

        def value(parts: Sum, x: np.ndarray) -> float:
            return sum(x[cells[c]] * f for c, f in parts.items())

        lowest, highest = solve(wanted, 1), solve(wanted, -1)
        open_ = [parts for parts in wanted if value(parts, lowest) == value(parts, highest)]
        return [parts for parts in open_ if value(parts, solve([parts], 1)) == value(parts, solve([parts], -1))]
