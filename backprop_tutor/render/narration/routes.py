"""Paths to the output, what all gradients cost three ways, and how that grows: as documents.

Enters: `Paths`, `Costs`, `Growth`. Leaves: blocks. Every product and every sum is shown with as many
digits as make it true.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...language import shown_name
from ...ops import Number, exact
from ...sentences import N_, counted, said, whole
from ...studies.costs import Cost, Costs, Growth
from ...studies.paths import Path, Paths
from ...translation import sentence as _
from .arithmetic import added, multiplied
from .document import Block, Formulas, Heading, Inline, Math, Paragraph, Table
from .formulas import latex_name
from .numbers import latex_number, shown

__all__ = ["costs_section", "growth_section", "paths_lines", "paths_table", "too_many"]

_LONGEST_SUM = 12


def _gradient(of: str, wrt: str) -> Math:
    return Math(
        f"∂{shown_name(of)}/∂{shown_name(wrt)}",
        rf"\frac{{\partial {latex_name(of)}}}{{\partial {latex_name(wrt)}}}",
    )


def _number(value: Number, digits: int, wrapped: bool = False) -> Math:
    one, other = shown(value, digits), latex_number(value, digits)
    if wrapped and one.startswith("−"):
        one, other = f"({one})", rf"\left({other}\right)"
    return Math(one, other)


def _chain(path: Path) -> Math:
    names = [shown_name(name) for name in path.nodes]
    return Math(" → ".join(names), r" \to ".join(latex_name(name) for name in path.nodes))


def _joined(values: list[Number], sign: tuple[str, str], digits: int) -> Math:
    """Return a product or a sum written out, the middle of a long one left out."""
    picked = values
    if len(values) > _LONGEST_SUM:
        picked = [*values[: _LONGEST_SUM - 1], values[-1]]
    terms = [_number(value, digits, wrapped=i > 0) for i, value in enumerate(picked)]
    if len(values) > _LONGEST_SUM:
        terms.insert(-1, Math("…", r"\dots"))
    return Math(
        f" {sign[0]} ".join(t.unicode for t in terms), f" {sign[1]} ".join(t.latex for t in terms)
    )


_TIMES = ("×", r"\times")
_PLUS = ("+", "+")


def _product(path: Path, digits: int) -> tuple[Math, ...]:
    """Return the local gradients multiplied out, and the product; the product alone where it is one."""
    fitted = multiplied(map(exact, path.locals), exact(path.product), digits)
    value = _number(path.product, fitted.result if fitted else digits)
    if len(path.locals) < 2 or fitted is None:
        return (value,)
    return _joined(list(path.locals), _TIMES, fitted.numbers), value


def _sum(paths: Paths, digits: int) -> tuple[Math, ...]:
    products = [path.product for path in paths]
    fitted = added(map(exact, products), exact(paths.total), digits)
    value = _number(paths.total, fitted.result if fitted else digits)
    return (_joined(products, _PLUS, fitted.numbers), value) if fitted else (value,)


def _head(paths: Paths) -> tuple[Inline, ...]:
    count = counted(len(paths), N_("1 path"), N_("{count} paths"))
    return (_gradient(paths.of, paths.wrt), f": {count}")


def _effort(paths: Paths) -> str:
    return counted(
        paths.by_path, N_("1 multiplication, path by path"),
        N_("{count} multiplications, path by path"),
    )  # fmt: skip


def paths_lines(paths: Paths, digits: int = 4) -> Iterator[Block]:
    """Yield the paths for a terminal: each on a line, its product on the next; then their sum."""
    yield Paragraph(_head(paths))
    for path in paths:
        yield Paragraph((_chain(path),), indent=1)
        yield Formulas((("", _product(path, digits), ""),), indent=2)
    if len(paths) > 1:
        yield Formulas(((_("sum"), _sum(paths, digits), ""),), indent=1)
    yield Paragraph((_effort(paths),), indent=1)


def paths_table(paths: Paths, digits: int = 4) -> Iterator[Block]:
    """Yield the paths as a table: path, local gradients, product; the sum last."""
    yield Heading(2, _head(paths))
    rows: list[tuple[tuple[Inline, ...], ...]] = []
    for path in paths:
        *factors, value = _product(path, digits)
        rows.append(((_chain(path),), tuple(factors), (value,)))
    if len(paths) > 1:
        rows.append(((_("sum"),), (), (_sum(paths, digits)[-1],)))
    if rows:
        yield Table((_("path"), _("local gradients"), _("product")), tuple(rows), frozenset({2}))
    yield Paragraph((_effort(paths),))


def too_many(of: str, wrt: str, count: int, by_path: int, limit: int) -> Iterator[Block]:
    """Yield what is said of paths that are too many to list."""
    yield Paragraph((
        _gradient(of, wrt),
        said(
            ": {count} paths, more than the {limit} that are listed (--limit); {by_path} "
            "multiplications, path by path",
            count=whole(count), limit=whole(limit), by_path=whole(by_path),
        ),
    ))  # fmt: skip


def _row(name: str, cost: Cost, slopes: bool) -> tuple[tuple[Inline, ...], ...]:
    counts = (cost.passes, cost.gates, cost.forward, cost.slopes, cost.chain, cost.total)
    cells = [whole(count) for count in counts]
    if not slopes:
        cells[3] = "–"
    return ((name,), *((cell,) for cell in cells))


def costs_section(costs: Costs) -> Iterator[Block]:
    """Yield the table of what all gradients take together, by paths, by differences, by one pass."""
    if not costs.inputs:
        return
    inputs = counted(costs.inputs, N_("1 input"), N_("all {count} inputs"))
    paths = counted(costs.paths, N_("1 path"), N_("{count} paths"))
    title = N_("Gradients of {inputs} together ({paths}), in multiplications")
    yield Heading(2, (said(title, inputs=inputs, paths=paths),))
    yield Table(
        ("", _("forward passes"), _("gates run"), _("in the passes"), _("in the slopes"),
         _("along the chain"), _("together")),
        (
            _row(_("by paths"), costs.by_paths, True),
            _row(_("by forward differences"), costs.by_differences, False),
            _row(_("by one backward pass"), costs.by_pass, True),
        ),
        frozenset(range(1, 7)),
    )  # fmt: skip
    yield Paragraph((_(
        "Products and quotients count, also that with the seed's 1; a difference is divided by its "
        "step. Each slope is found once."
    ),), indent=1)  # fmt: skip


def growth_section(growth: Growth) -> Iterator[Block]:
    """Yield the table of how the multiplications grow with the depth of a network."""
    wide = counted(
        growth.width, N_("layers of 1 sigmoid neuron"), N_("layers of {count} sigmoid neurons")
    )
    yield Heading(2, (said("As networks get deeper ({wide}, then one output)", wide=wide),))
    rows = []
    for depth, costs in growth:
        counts = (
            depth, costs.inputs, costs.paths, costs.by_paths.total, costs.by_differences.total,
            costs.by_pass.total,
        )  # fmt: skip
        rows.append(tuple((whole(count),) for count in counts))
    yield Table(
        (_("layers"), _("inputs"), _("paths"), _("by paths"), _("by forward differences"),
         _("by one backward pass")),
        tuple(rows),
        frozenset(range(6)),
    )  # fmt: skip
    if len(growth) > 1 and growth.width > 1:
        yield Paragraph((_(
            "One more layer adds the same again to one backward pass, adds more and more to the "
            "differences, and multiplies the paths by the layer's width."
        ),), indent=1)  # fmt: skip
