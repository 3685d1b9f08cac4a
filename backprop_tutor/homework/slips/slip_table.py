"""The table of slips, and every way in which they can be made in a given graph.

`SLIPS` maps each wrong rule's name to its record. `instances` walks the table over a scene: each
slip at one place, at all operands of one operation, at all operations of one kind, and everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...translation import sentence as _
from . import forward_slips as slips_forward
from . import network_slips as slips_networks
from . import path_slips as slips_paths
from . import rule_slips as slips_rules
from .broken_pass import Bend, Plan, Scene
from .slip_record import Site, Slip

__all__ = ["COPIED", "SLIPS", "Instance", "Slip", "instances"]

COPIED = Slip(
    name="copied", family="copied", rank=9, sites=lambda scene: iter(()), joined=False,
    sentence="The answer of another cell stands here.",
    hint="Check which quantity this cell asks for.",
)  # fmt: skip
"""Another cell's number in this one; found by comparing cells, not by a broken pass."""


def _table(rows: Iterable[Slip]) -> Mapping[str, Slip]:
    table: dict[str, Slip] = {}
    for row in rows:
        if row.name in table:
            raise ValueError(f"two slips are named {row.name}")
        table[row.name] = row
    return MappingProxyType(table)


SLIPS = _table(
    [*slips_forward.ROWS, *slips_rules.ROWS, *slips_networks.ROWS, *slips_paths.ROWS, COPIED]
)


@dataclass(frozen=True, slots=True)
class Instance:
    """A slip made somewhere: its bend, and where.

    Attributes:
        slip, variant: the record, and which of its wrong rules.
        sites: the places at which it is made.
        scope: "here" for one site, "gate" for all operands of one operation, "kind" for all
            operations of one kind, "everywhere".
        bend: what the pass does differently.
    """

    slip: Slip
    variant: str
    sites: tuple[Site, ...]
    scope: str
    bend: Bend

    def where(self, plan: Plan, name: Callable[[str], str] = str) -> str:
        """Return where it is made, in words: `at x → q`, `at q`, `everywhere`; nothing if nowhere.

        `name` says how the name of a node is shown.
        """
        nodes = plan.graph.nodes
        if not self.sites:
            return ""
        if self.scope == "everywhere":
            return _("everywhere")
        at = self.sites[0].at
        target = at[1] if isinstance(at, tuple) else at
        if self.scope == "kind":
            operation = _(nodes[target].op.replace("_", " "))
            return _("at every {operation}").format(operation=operation)
        place = name(nodes[target].name)
        if isinstance(at, tuple) and self.scope != "gate":
            place = f"{name(nodes[at[0]].name)} → {place}"
        return _("at {place}").format(place=place)

    @property
    def places(self) -> frozenset[int]:
        """Return the nodes whose own number the slip changes directly."""
        return frozenset(
            {site.at[0] if isinstance(site.at, tuple) else site.at for site in self.sites}
            | {edge[0] for edge in self.bend.edges}
            | set(self.bend.answers)
            | set(self.bend.totals)
            | set(self.bend.values)
            | set(self.bend.numbers)
            | set(self.bend.gathers)
        )


def instances(scene: Scene, slips: Iterable[Slip] = tuple(SLIPS.values())) -> list[Instance]:
    """Return every instance of the slips in a scene, in the table's order."""
    found: list[Instance] = []
    for slip in slips:
        sites = list(slip.sites(scene))
        by_variant: dict[str, list[Site]] = {}
        for site in sites:
            found.append(Instance(slip, site.variant, (site,), "here", site.bend))
            by_variant.setdefault(site.variant, []).append(site)
        if slip.joined:
            for variant, group in by_variant.items():
                found += _joined(scene, slip, variant, group)
    return found


def _joined(scene: Scene, slip: Slip, variant: str, sites: list[Site]) -> list[Instance]:
    if len(sites) < 2:
        return []
    made = [Instance(slip, variant, tuple(sites), "everywhere", Bend.union(s.bend for s in sites))]
    for scope in ("gate", "kind"):
        groups: dict[object, list[Site]] = {}
        for site in sites:
            target = site.at[1] if isinstance(site.at, tuple) else site.at
            key = target if scope == "gate" else scene.plan.graph.nodes[target].op
            groups.setdefault(key, []).append(site)
        for group in groups.values():
            if 1 < len(group) < len(sites):
                bend = Bend.union(s.bend for s in group)
                made.append(Instance(slip, variant, tuple(group), scope, bend))
    return made
