"""The table of slips, and every way in which they can be made in a given graph.

`SLIPS` maps each wrong rule's name to its record. `instances` walks the table over a scene: each
slip at one place, at all operands of one operation, at all operations of one kind, and everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import OptionError, quoted
from ...installed import loaded
from ...ops.registry import Table
from ...sentences import said
from ...translation import sentence as _
from . import cell_slips as slips_cells
from . import forward_slips as slips_forward
from . import network_slips as slips_networks
from . import path_slips as slips_paths
from . import reading_slips as slips_reading
from . import rule_slips as slips_rules
from . import softmax_slips as slips_softmax
from . import update_slips as slips_update
from . import value_slips as slips_values
from .broken_pass import Bend, Plan, Scene
from .cell_slips import COPIED
from .slip_record import Site, Slip
from .whereabouts import SCOPES, At, whereabouts

__all__ = ["COPIED", "SLIPS", "Instance", "Slip", "all_slips", "checked_slips", "instances", "known_slips"]

def _table(rows: Iterable[Slip]) -> Table[Slip]:
    table: Table[Slip] = Table()
    for row in rows:
        table.add(row.name, row)
    return table


SLIPS = _table(
    [
        *slips_forward.ROWS, *slips_values.ROWS, *slips_rules.ROWS, *slips_softmax.ROWS,
        *slips_networks.ROWS, *slips_paths.ROWS, *slips_update.ROWS, *slips_reading.ROWS, *slips_cells.ROWS,
    ]
)  # fmt: skip
GROUP = "backprop_tutor.slips"
"""The group of entry points that are slips."""
_INSTALLED: Table[Slip] = Table()


def _add_installed(slip: Slip) -> None:
    _check_new(slip, {**SLIPS, **_INSTALLED})
    _INSTALLED.add(slip.name, slip)


def known_slips() -> Mapping[str, Slip]:
    """Return the table's slips and those of installed packages, by name."""
    loaded(GROUP, Slip, _add_installed)
    return {**SLIPS, **_INSTALLED}


def checked_slips(given: Any) -> tuple[Slip, ...]:
    """Return slips of one's own, whose names are free.

    Raises:
        OptionError: something that is no slip, or a name that is taken.
    """
    if isinstance(given, Slip | str) or not isinstance(given, Iterable):
        raise OptionError(
            said("`slips` is a list of slips, not {kind}", kind=quoted(type(given).__name__))
        )
    found = tuple(given)
    if found:
        known = dict(known_slips())
        for slip in found:
            _check_new(slip, known)
            known[slip.name] = slip
    return found


def _check_new(slip: Any, known: Mapping[str, Slip]) -> None:
    if not isinstance(slip, Slip):
        raise OptionError(said("a Slip is expected, not {kind}", kind=quoted(type(slip).__name__)))
    if slip.name in known:
        raise OptionError(
            said("the slip {name} is refused: there is one of that name", name=quoted(slip.name))
        )


@dataclass(frozen=True, slots=True)
class Instance:
    """A slip made somewhere: its bend, and where.

    Attributes:
        slip, variant: the record, and which of its wrong rules.
        sites: the places at which it is made.
        scope: "here" for one site, "gate" for all operands of one operation, "kind" for all
            operations of one kind, "layer" for those of one kind in one layer, "everywhere".
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
        return whereabouts(plan, [site.at for site in self.sites], self.scope, name)

    @property
    def told(self) -> str:
        """Return what went wrong, in the language that is spoken."""
        sentence = _(self.slip.says(self.variant))
        words = self.sites[0].words if self.sites else {}
        return sentence.format(**words) if words else sentence

    @property
    def rank(self) -> float:
        """Return how ready an explanation it is."""
        return self.slip.rank_of(self.variant)

    @property
    def places(self) -> frozenset[int]:
        """Return the nodes whose own number the slip changes directly."""
        return frozenset(
            {site.at[0] if isinstance(site.at, tuple) else site.at for site in self.sites}
            | {edge[0] for edge in self.bend.edges}
            | set(self.bend.answers)
            | set(self.bend.totals)
            | set(self.bend.values)
            | set(self.bend.instead)
            | set(self.bend.news)
            | set(self.bend.numbers)
            | set(self.bend.gathers)
        )


def all_slips(plan: Plan) -> tuple[Slip, ...]:
    """Return the slips that are tried on a problem: the table's, installed ones, the problem's own."""
    return (*known_slips().values(), *plan.slips)


def instances(scene: Scene, slips: Iterable[Slip] | None = None) -> list[Instance]:
    """Return every instance of the slips in a scene, in the table's order; by default of all.

    Raises:
        OptionError: a slip from outside whose `sites` raises.
    """
    found: list[Instance] = []
    for slip in all_slips(scene.plan) if slips is None else slips:
        sites = list(slip.sites(scene)) if slip.name in SLIPS else _sites(slip, scene)
        by_variant: dict[str, list[Site]] = {}
        for site in sites:
            found.append(Instance(slip, site.variant, (site,), "here", site.bend))
            by_variant.setdefault(site.variant, []).append(site)
        if slip.joined:
            for variant, group in by_variant.items():
                found += _joined(scene, slip, variant, group)
    return found


def _sites(slip: Slip, scene: Scene) -> list[Site]:
    """Return the sites of a slip from outside."""
    try:
        return list(slip.sites(scene))
    except Exception as error:  # whatever it raises is the slip's fault
        raise OptionError(
            said(
                "the slip {name} cannot be tried: {error}",
                name=quoted(slip.name), error=f"{type(error).__name__}: {error}",
            )
        ) from error  # fmt: skip


def _keys_of(scene: Scene, sites: Sequence[Site]) -> dict[str, list[object]]:
    """Return by scope the keys of sites: those with the same one are a group."""
    known: dict[str, dict[At, object]] = scene.notes.setdefault("keys", {scope: {} for scope in SCOPES})
    found: dict[str, list[object]] = {}
    for scope, key_of in SCOPES.items():
        keys = known[scope]
        for site in sites:
            if site.at not in keys:
                keys[site.at] = key_of(scene.plan, site.at)
        found[scope] = [keys[site.at] for site in sites]
    return found


def _joined(scene: Scene, slip: Slip, variant: str, sites: list[Site]) -> list[Instance]:
    if len(sites) < 2:
        return []
    made = [Instance(slip, variant, tuple(sites), "everywhere", Bend.union(s.bend for s in sites))]
    known = {tuple(map(id, sites))}
    for scope, keys in _keys_of(scene, sites).items():
        groups: dict[object, list[Site]] = {}
        for key, site in zip(keys, sites, strict=True):
            groups.setdefault(key, []).append(site)
        for key, group in groups.items():
            who = tuple(map(id, group))
            if key is not None and 1 < len(group) < len(sites) and who not in known:
                known.add(who)
                bend = Bend.union(s.bend for s in group)
                made.append(Instance(slip, variant, tuple(group), scope, bend))
    return made
