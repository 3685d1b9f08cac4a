"""The table of slips over matrices, and every way in which they can be made in a given program.

`ARRAY_SLIPS` maps each wrong rule's name to its record. `array_instances` walks it over a plan: each slip
at one place, at all places of one kind of operation, and everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...translation import sentence as _
from . import (
    array_batch,
    array_losses,
    array_normalising,
    array_products,
    array_sheets,
    array_slopes,
)
from .array_bends import ArrayBend, ArrayPlan, kind_of
from .array_sites import ArraySite
from .slip_record import Slip
from .slip_table import COPIED

__all__ = ["ARRAY_SLIPS", "ArrayInstance", "array_instances"]


def _table(rows: Iterable[Slip]) -> Mapping[str, Slip]:
    table: dict[str, Slip] = {}
    for row in rows:
        if row.name in table:
            raise ValueError(f"two slips are named {row.name}")
        table[row.name] = row
    return MappingProxyType(table)


ARRAY_SLIPS = _table(
    [
        *array_products.ROWS, *array_batch.ROWS, *array_slopes.ROWS,
        *array_normalising.ROWS, *array_losses.ROWS,
        *array_sheets.ROWS, COPIED,
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArrayInstance:
    """A slip made somewhere: its bend, and where.

    Attributes:
        slip, variant: the record, and which of its wrong rules.
        sites: the places at which it is made.
        scope: "here" for one site, "kind" for all operations of one kind, "everywhere".
        bend: what the pass does differently.
    """

    slip: Slip
    variant: str
    sites: tuple[ArraySite, ...]
    scope: str
    bend: ArrayBend

    def where(self, plan: ArrayPlan) -> str:
        """Return where it is made, in words: `at W1 → Z1`, `everywhere`; nothing if nowhere."""
        if not self.sites:
            return ""
        if self.scope == "everywhere":
            return _("everywhere")
        at = self.sites[0].at
        target = at[1] if isinstance(at, tuple) else at
        if self.scope == "kind":
            operation = _(kind_of(plan.graph.nodes[target]).replace("_", " "))
            return _("at every {operation}").format(operation=operation)
        place = plan.name(target)
        if isinstance(at, tuple) and plan.name(at[0]) != place:
            place = f"{plan.name(at[0])} → {place}"
        return _("at {place}").format(place=place)

    @property
    def told(self) -> str:
        """Return what went wrong, in the language that is spoken."""
        return _(self.slip.says(self.variant))

    @property
    def places(self) -> frozenset[int]:
        """Return the nodes whose own matrix the slip changes directly."""
        bend = self.bend
        return frozenset(
            {site.at[0] if isinstance(site.at, tuple) else site.at for site in self.sites}
            | {edge[0] for edge in (*bend.edges, *bend.dropped)}
            | {*bend.answers, *bend.totals, *bend.values, *bend.written, *bend.news}
        )


def array_instances(
    plan: ArrayPlan, slips: Iterable[Slip] = tuple(ARRAY_SLIPS.values())
) -> list[ArrayInstance]:
    """Return every instance of the slips in a program, in the table's order."""
    found: list[ArrayInstance] = []
    for slip in slips:
        by_variant: dict[str, list[ArraySite]] = {}
        for site in slip.sites(plan):
            found.append(ArrayInstance(slip, site.variant, (site,), "here", site.bend))
            by_variant.setdefault(site.variant, []).append(site)
        if slip.joined:
            for variant, group in by_variant.items():
                found += _joined(plan, slip, variant, group)
    return found


def _joined(
    plan: ArrayPlan, slip: Slip, variant: str, sites: list[ArraySite]
) -> list[ArrayInstance]:
    """Return a slip made everywhere, and at all operations of one kind."""
    if len(sites) < 2:
        return []

    def made(scope: str, group: list[ArraySite]) -> ArrayInstance:
        bend = ArrayBend.union([site.bend for site in group])
        return ArrayInstance(slip, variant, tuple(group), scope, bend)

    instances = [made("everywhere", sites)]
    groups: dict[str, list[ArraySite]] = {}
    for site in sites:
        target = site.at[1] if isinstance(site.at, tuple) else site.at
        groups.setdefault(kind_of(plan.graph.nodes[target]), []).append(site)
    for group in groups.values():
        if 1 < len(group) < len(sites):
            instances.append(made("kind", group))
    return instances
