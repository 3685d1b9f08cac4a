"""What a step has at work besides its gate: the products on the bench, and the cells lit in the boxes.

Enters: a step and the arrangement. Leaves: `Work`. A row, a column and the entry they make are lit at the
same time in the network and on the bench.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...matrices.array_derivation import ArrayDerivation
from ..stage.marks import Run
from .arrangement import Arrangement
from .array_names import ArrayNames
from .bench import Bench, bench_of, bench_width
from .frame import Lit
from .gates import Parts
from .layer_steps import LayerStep
from .products import Factor, Product, backward_product, forward_product

__all__ = ["Work", "works_of"]

_BETWEEN = 70.0


@dataclass(frozen=True, slots=True)
class Work:
    """The benches of a frame, and what is lit in its boxes."""

    benches: tuple[Bench, ...] = ()
    lit: Lit = field(default_factory=Lit)


def works_of(
    derivation: ArrayDerivation, parts: Parts, arrangement: Arrangement, steps: Iterable[LayerStep],
    room: float,
) -> tuple[Work, ...]:  # fmt: skip
    """Return what each step has at work; benches are no wider than `room`."""
    foreman = _Foreman(derivation, parts, arrangement, room)
    return tuple(map(foreman.work, steps))


class _Foreman:
    """Finds what the steps of one derivation have at work."""

    def __init__(
        self, derivation: ArrayDerivation, parts: Parts, arrangement: Arrangement, room: float
    ) -> None:
        self.d, self.parts, self.arrangement, self.room = derivation, parts, arrangement, room
        self.called = ArrayNames(derivation, parts, arrangement.digits)

    def work(self, step: LayerStep) -> Work:
        """Return what a step has at work; nothing where it multiplies no matrices."""
        products = list(self.products(step))
        if not products:
            return Work()
        benches = [bench for p in products if (bench := self.bench(p)) is not None]
        while benches and self.wide(benches) > self.room:
            benches.pop()
        return Work(tuple(benches), self.lit(products[0]))

    def wide(self, benches: list[Bench]) -> float:
        return sum(map(bench_width, benches)) + _BETWEEN * (len(benches) - 1)

    def products(self, step: LayerStep) -> Iterable[Product]:
        """Yield the products of a step."""
        if step.gate is None:
            return
        gate = self.parts.gates[step.gate]
        if step.kind == "forward":
            found = forward_product(self.d, self.parts, gate.number)
            if found is not None:
                yield found
        elif step.kind == "backward":
            place = self.called.shown_at(gate.result)
            for operand, _ in step.edges:
                found = backward_product(self.d, self.parts, gate.number, operand, place)
                if found is not None:
                    yield found

    def bench(self, product: Product) -> Bench | None:
        names = [self.name(factor) for factor in product.factors]
        return bench_of(product, names, self.arrangement.digits)

    def name(self, factor: Factor) -> tuple[Run, ...]:
        label = self.called.label(factor.place)
        if factor.role == "gradient":
            label = self.called.gradient(label)
        if factor.transposed:
            label = f"({label})ᵀ" if factor.role == "gradient" else f"{label}ᵀ"
        rows, columns = factor.table.shape
        return (*self.called.math(label), Run(f"  {rows}×{columns}", "regular", "quiet"))

    def lit(self, product: Product) -> Lit:
        row, column = product.at
        lit = Lit()
        if not all(factor.is_whole for factor in product.factors):
            return lit
        for factor, cells in (
            (product.left, product.left.cells(row, None)),
            (product.right, product.right.cells(None, column)),
        ):
            target = lit.values if factor.role == "value" else lit.gradients
            target[factor.place] = target.get(factor.place, frozenset()) | cells
        place = product.result.place
        if place in self.arrangement.figures and len(self.parts.takers.get(place, ())) == 1:
            lit.ring = (place, product.result.role, row, column)
        return lit
