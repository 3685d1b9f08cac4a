"""A derivation as a program in PyTorch: forward as one would write it, backward by autograd.

One operation may be written as a function of its own, with the backward rule that the table has for it: a
subclass of `torch.autograd.Function`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import OptionError, quoted
from ..graph import Node
from ..language.write import written_assignments
from ..matrices.array_graph import options_of, record_of
from ..ops import OPS
from ..ops.code import Code
from ..ops.tensor_record import TensorOperation
from ..ops.torch_kernel import TorchKernel
from ..sentences import said
from ..steps import Derivation
from .forward_lines import ForwardLines, whole_options
from .layout import Line, block, dictionary, function
from .statements import statements

__all__ = ["torch_program"]

_LARGEST = 400


def torch_program(d: Derivation, *, comments: bool = True, own: str | None = None) -> str:
    """Return the program of a derivation in PyTorch.

    Args:
        comments: whether each line says its formula and its shapes.
        own: a node whose operation becomes a `torch.autograd.Function`, backward rule and all.

    Raises:
        UnknownNameError: no such node.
        OptionError: `own` is no operation.

    >>> from backprop_tutor import derive
    >>> d = derive("a = σ(w*x)", at={"w": 1, "x": 2})
    >>> print(torch_program(d, comments=False).partition("def forward")[2].partition("if __name__")[0])
    (w, x):
        \"\"\"Return a.\"\"\"
        a = torch.sigmoid(w * x)
        return a
    <BLANKLINE>
    <BLANKLINE>
    <BLANKLINE>
    """
    return _TorchProgram(d, own).text(comments)


class _TorchLines(ForwardLines):
    """Lines whose losses and activations are called by PyTorch's names."""

    def __init__(self, d: Derivation, own: int | None) -> None:
        self.own: int | None = own
        super().__init__(d, TorchKernel())

    def _value(self, place: int, node: Node, operands: list[Code]) -> Any:
        found = super()._value(place, node, operands)
        name = _OWN if place == self.own else _torch_name(node, operands)
        if not name:
            return found
        pieces: list[Any] = [f"{name}("]
        for operand in operands:
            if operand.literal and name == _OWN:
                continue
            pieces += [(operand, 0), ", "]
        return self.kernel.made(*pieces[:-1], ")", value=self.kernel.code(found).value)


_OWN = "Own.apply"


def _torch_name(node: Node, operands: list[Code]) -> str:
    """Return PyTorch's function for a loss or an activation with no options; else nothing."""
    record = record_of(node)
    if record is not None:
        named = record.torch.functional if record.torch is not None else ""
        pair = record.operands[:2] in (("x", "y"), ("scores", "target")) and len(operands) == 2
        plain = options_of(node) == record.with_options({})
        return f"torch.nn.functional.{named}" if named and pair and plain else ""
    row = OPS[node.op]
    if row.torch is None or not row.activation or node.options or row.options:
        return ""
    return f"torch.{row.name}" if row.torch.top else f"torch.nn.functional.{row.name}"


class _TorchProgram:
    def __init__(self, d: Derivation, own: str | None) -> None:
        self.d: Derivation = d
        place = None if own is None else d.graph_table.find(own)
        if place is not None and d.graph_table.nodes[place].kind != "operation":
            raise OptionError(
                said("{name} is no operation, and has no backward rule", name=quoted(str(own)))
            )
        self.place: int | None = place
        self.lines: _TorchLines = _TorchLines(d, place)

    def text(self, comments: bool) -> str:
        lines, d = self.lines, self.d
        called = lines.names.of
        output = called[lines.output]
        parameters = ", ".join(called[name] for name in d.graph_table.inputs)
        kept = [] if self.place is None else [called[d.graph_table.nodes[self.place].name]]
        read = frozenset(kept)
        body = [*block(lines.forward_lines(read), comments), f"return {output}"]
        parts = [function("forward", parameters, said("Return {name}.", name=output), body)]
        if self.place is not None:
            parts.insert(0, self._function(self.place))
        main = self._main(parameters, output)
        parts += [main] if main else []
        imports = ["import math"] * any("math." in part for part in parts) + ["import torch"]
        told = said("{name} in PyTorch: forward as written, backward by autograd.", name=output)
        read_as = [f"# {line}" for line in written_assignments(d.program.assignments).splitlines()]
        head = "\n".join([f'"""{told}"""', "", *read_as, "", *imports])
        return "\n\n\n".join([head, *parts]) + "\n"

    def _main(self, parameters: str, output: str) -> str:
        lines = self.lines
        values = [
            (lines.names.of[name], name, lines.codes[lines.graph.index[name]].value)
            for name in lines.graph.inputs
        ]  # fmt: skip
        if sum(np.size(value) for _, _, value in values) > _LARGEST:
            return ""
        moved = [own for own, name, _ in values if name in self.d.gradients]
        body = ["torch.set_default_dtype(torch.float64)"]
        for own, _, value in values:
            grad = ", requires_grad=True" if own in moved else ""
            entries = value.tolist() if isinstance(value, np.ndarray) else value
            body.append(f"{own} = torch.tensor({entries!r}{grad})")
        body += [
            f"forward({parameters}).backward()",
            f"for name, tensor in {dictionary((own, own) for own in moved)}.items():",
            '    print(name, tensor.grad, sep=" = ")',
        ]
        return "\n".join(['if __name__ == "__main__":', *(f"    {line}" for line in body)])

    def _function(self, place: int) -> str:
        """Return the class whose `forward` and `backward` are the rules of one operation."""
        graph, kernel = self.lines.graph, TorchKernel()
        node = graph.nodes[place]
        operands = [self.lines.codes[i] for i in node.operands]
        record = record_of(node)
        given = [slot for slot, code in enumerate(operands) if not code.literal]
        names = [f"a{i}" for i in range(1, len(given) + 1)] if len(given) > 1 else ["a"]
        inner = list(operands)
        for name, slot in zip(names, given, strict=True):
            inner[slot] = kernel.named(name, operands[slot].value)
        with np.errstate(all="ignore"):
            forward, gradients = _rules(node, record, kernel, inner, self.d.numbers[place])
        if kernel.functions:  # what is put back at places is no expression of tensors
            raise OptionError(
                said("the backward rule of {name} puts entries back at their places, which is not written "
                     "as a function of one's own; choose an operation that computes",
                     name=quoted(node.name))
            )  # fmt: skip
        helping = iter(range(1, 1000))

        def lines(code: Any, target: str) -> list[str]:
            before, text = statements(kernel.code(code), lambda: f"t{next(helping)}")
            return [str(Line(own, "=", each)) for own, each in (*before, (target, text))]

        back, returned = [], []
        for name, slot in zip(names, given, strict=True):
            passes = (node.operands[slot], place, slot) in self.d.contributions
            code = gradients[slot] if passes else None
            returned.append("None" if code is None else f"grad_{name}")
            if code is not None:
                back += lines(code, returned[-1])
        used = " ".join(back)
        kept = [name for name in (*names, "out") if _in(name, used)]
        saved = [f"ctx.save_for_backward({', '.join(kept)})"] * bool(kept)
        restored = [f"{', '.join(kept)}{',' * (len(kept) == 1)} = ctx.saved_tensors"] * bool(kept)
        called = self.lines.names.of[node.name]
        told = said("The operation of {name}, with its own backward rule.", name=called)
        moved = [*restored, *back, f"return {', '.join(returned)}"]
        text = ["class Own(torch.autograd.Function):", f'    """{told}"""', "", "    @staticmethod",
                f"    def forward(ctx, {', '.join(names)}):",
                *(f"        {line}" for line in [*lines(forward, "out"), *saved, "return out"]), "",
                "    @staticmethod", "    def backward(ctx, grad):",
                *(f"        {line}" for line in moved)]  # fmt: skip
        return "\n".join(text)


def _in(name: str, text: str) -> bool:
    return name in Line("", "", text).names


def _rules(
    node: Node, record: TensorOperation | None, kernel: TorchKernel, operands: list[Code], value: Any
) -> tuple[Any, list[Any]]:
    """Return the code of an operation's value, and of its gradient along each operand, None where none."""
    out = kernel.named("out", np.asarray(value, float)[()])
    grad = kernel.named("grad", np.ones(out.shape)[()])
    if record is not None:
        options = options_of(node)
        spare = 0 if record.many else len(record.operands) - len(operands)
        padded = [*operands, *([None] * spare)]
        rules = [record.gradient(slot) for slot in range(len(operands))]
        gradients = [rule and rule(kernel, grad, out, *padded, **options) for rule in rules]
        return record.forward(kernel, *padded, **options), gradients
    row = OPS[node.op]
    given: Any = whole_options(dict(row.with_options(node.options)))
    slopes = [row.partial(slot)(kernel, out, *operands, **given) for slot in range(len(operands))]
    fitted = [
        kernel.fit(grad * slope, kernel.shape(a)) for slope, a in zip(slopes, operands, strict=True)
    ]
    return row.forward(kernel, *operands, **given), fitted


