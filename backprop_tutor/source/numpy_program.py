"""A derivation as a program in NumPy: values forward, gradients backward, one line an operation.

Where it gives other last digits than the derivation, the program says so.
"""

from __future__ import annotations

import numpy as np

from ..language.write import written_assignments
from ..ops.source_functions import text_of
from ..sentences import said
from ..steps import Derivation
from .forward_lines import apart
from .layout import blanked, block, dictionary, function, literal
from .lines import ProgramLines

__all__ = ["NumpyProgram", "numpy_program"]

_LARGEST = 400
"""So many entries of inputs are written into the program; with more they are left to the caller."""


def numpy_program(
    d: Derivation, *, comments: bool = True, check: bool = False, blanks: bool = False
) -> str:
    """Return the program of a derivation, which needs NumPy alone.

    Args:
        comments: whether each line says its formula and its shapes.
        check: whether the program ends with a comparison of its gradients with centred differences.
        blanks: whether each line of `backward` is left to be filled in; such a program checks itself.

    >>> from backprop_tutor import derive
    >>> d = derive("f = w*x + b", at={"w": -2, "x": 5, "b": 3})
    >>> print(numpy_program(d, comments=False).partition("def backward")[2].partition("if __name__")[0])
    (w, x, b):
        \"\"\"Return the gradient of f along each input.\"\"\"
        df = 1.0
        db = df
        dw = df * x
        dx = df * w
        return {"w": dw, "x": dx, "b": db}
    <BLANKLINE>
    <BLANKLINE>
    <BLANKLINE>
    """
    return NumpyProgram(d, comments, blanks).text(check or blanks)


class NumpyProgram:
    """The text of a derivation's program."""

    def __init__(self, d: Derivation, comments: bool = True, blanks: bool = False) -> None:
        self.d: Derivation = d
        self.comments: bool = comments
        self.blanks: bool = blanks
        self.lines: ProgramLines = ProgramLines(d)
        self._called: dict[str, str] = self.lines.names.of
        self._parameters: str = ", ".join(self._called[name] for name in d.graph_table.inputs)

    def rounds(self) -> dict[str, float]:
        """Return what the program rounds otherwise than the derivation, and by how much, by name."""
        found, lines = {}, self.lines
        for place, node in enumerate(lines.graph.nodes):
            if node.kind == "operation":
                found[self._called[node.name]] = apart(lines.codes[place].value, self.d.numbers[place])
            if place in lines.gradients and node.kind != "constant":
                gap = apart(lines.gradients[place].value, self.d.upstreams[place])
                found[lines.gradient_names[node.name]] = gap
        return {name: gap for name, gap in found.items() if gap}

    def text(self, check: bool = False) -> str:
        """Return the program."""
        needed = [text_of(name) for name in self.lines.kernel.functions]
        if check:
            needed.append(text_of("gradient_check"))
        imports = ["import math"] * any("math." in text for text in needed) + ["import numpy as np"]
        read_as = [f"# {line}" for line in written_assignments(self.d.program.assignments).splitlines()]
        head = "\n".join([f'"""{self._docstring()}"""', "", *read_as, "", *imports])
        parts = [head, *needed, self._forward(), self._backward(), *self._main(check)]
        return "\n\n\n".join(parts) + "\n"

    def _docstring(self) -> str:
        output = self._called[self.lines.output]
        first = said("{name} and its gradients in NumPy: forward, then backward.", name=output)
        if self.blanks:
            told = said("Replace each ... of backward, then run this file: it compares with differences.")
            return f"{first}\n\n{told}\n"
        rounded = self.rounds()
        told = said("At the derivation's values it gives the derivation's numbers, to the last bit.")
        if rounded:
            names = ", ".join(list(rounded)[:6]) + (", …" if len(rounded) > 6 else "")
            told = said(
                "It computes in float64, and rounds otherwise than the derivation in {names}: by at most "
                "{gap}.",
                names=names, gap=f"{max(rounded.values()):.1e}",
            )  # fmt: skip
        return f"{first}\n\n{told}\n"

    def _forward(self) -> str:
        made = self._made()
        body = [*block(self.lines.forward, self.comments), f"return {dictionary((m, m) for m in made)}"]
        return function("forward", self._parameters, said("Return every value by its name."), body)

    def _made(self) -> list[str]:
        """Return the names of the operations that have a line, without helping ones."""
        own = {self._called[node.name] for node in self.lines.graph.nodes if node.kind == "operation"}
        return [line.name for line in self.lines.forward if line.name in own]

    def _backward(self) -> str:
        lines = self.lines
        wanted = frozenset().union(*(line.names for line in lines.backward))
        read = [name for name in self._made() if self.blanks or name in wanted]
        head = [f"values = forward({self._parameters})"] * bool(read)
        head += [f"{name} = values[{literal(name)}]" for name in read]
        given = ((self._called[name], self._returned(name)) for name in lines.graph.inputs)
        returned = dictionary((name, text) for name, text in given if text)
        told = said("Return the gradient of {name} along each input.", name=self._called[lines.output])
        shown = blanked(lines.backward) if self.blanks else lines.backward
        body = [*head, *block(shown, self.comments), f"return {returned}"]
        return function("backward", self._parameters, told, body)

    def _returned(self, name: str) -> str:
        """Return what stands for an input's gradient: 0 where nothing depends on it, nothing for labels."""
        lines = self.lines
        place = lines.graph.index[name]
        if place in lines.gradients:
            return lines.gradients[place].name
        if self.d.upstreams[place] is None or name not in self.d.gradients:
            return ""
        return f"np.zeros_like({self._called[name]})" if lines.codes[place].shape else "0.0"

    def _main(self, check: bool) -> list[str]:
        graph = self.lines.graph
        values = [(self._called[name], self.lines.codes[graph.index[name]].value) for name in graph.inputs]
        if sum(np.size(value) for _, value in values) > _LARGEST:
            return []
        body = [f"{name} = {literal(value)}" for name, value in values]
        if self.blanks:
            body += self._main_of_blanks(dictionary((name, name) for name, _ in values))
            return ["\n".join(['if __name__ == "__main__":', *(f"    {line}" for line in body)])]
        body += [
            f"for name, gradient in backward({self._parameters}).items():",
            '    print(name, gradient, sep=" = ")',
        ]
        if check:
            given = dictionary((name, name) for name, _ in values)
            output = literal(self._called[self.lines.output])
            body.append(f"gradient_check(forward, backward, {given}, {output})")
        return ["\n".join(['if __name__ == "__main__":', *(f"    {line}" for line in body)])]

    def _main_of_blanks(self, given: str) -> list[str]:
        """Return the lines that name what is still blank, or compare with differences."""
        output, left = literal(self._called[self.lines.output]), literal(said("still to be filled in:"))
        return [
            f"gradients = backward({self._parameters})",
            "blank = [name for name, gradient in gradients.items() if gradient is ...]",
            "if blank:",
            f"    print({left}, *blank)",
            "else:",
            f"    gradient_check(forward, backward, {given}, {output})",
        ]
