"""From what an eager call did to the values of a program: forward, backward and updates, as calls of NumPy.

The events of a watched call are followed one by one. Every array that an event names is the value that
stands in it at that moment; gradients go back through the nodes that the call recorded, by the records'
rules; what writes into an array that outlives the call becomes a value put into its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..autograd.tape import Tensor
from .clipping import norm_of
from .kernel import Writer
from .operations import Back, Ways
from .stepping import Steps, Together
from .updating import Place
from .values import Unwritable, Value, Values
from .watching import Event, Watch

__all__ = ["Followed"]


class Followed:
    """The values of one watched call, and what it leaves behind."""

    def __init__(
        self, watch: Watch, arguments: list[Any], grads: dict[Tensor, Any], together: Together
    ) -> None:
        self.watch = watch
        self.values: Values = Values()
        self.kernel: Writer = Writer(self.values)
        self.ways: Ways = Ways(self.kernel)
        self.arguments = arguments
        self.grads: dict[Tensor, Any] = {}
        self.had: dict[Tensor, Any] = grads
        self.places: dict[int, Place] = {}
        self.puts: list[Value] = []
        self.versions: list[Any] = []
        self.grad_versions: list[Tensor] = []
        self.reads: list[tuple[Any, Value]] = []
        self.freed: set[int] = set()
        self.asked: set[Tensor] = set()
        self._content: dict[int, Value] = {}
        self._of_grad: dict[int, Tensor] = {}
        self._wholes: dict[int, int] = {}
        self._backs: dict[int, tuple[Back, Value]] = {}
        names = watch.reader.names
        self._lay = together
        self.steps: Steps = Steps(self.kernel, self.place, lambda p: names.get(id(p), ""), self.together)
        self._kept = {id(t._a): t for t in watch.reader.tensors}
        self._kept_ids = {id(t) for t in watch.reader.tensors}
        for leaf, array in grads.items():
            self._of_grad[id(array)] = leaf
        for event in watch.events:
            self.values.about = str(event.given.get("name", event.kind))
            _FOLLOW[event.kind](self, event)
        self.values.about = ""

    # arrays and values

    def value(self, given: Any) -> Any:
        """Return the value that stands in a tensor or an array at this moment."""
        if given is None or isinstance(given, Value):
            return given
        array = given._a if isinstance(given, Tensor) else np.asarray(given)
        found = self._content.get(id(array))
        if found is not None:
            return found
        for i, each in enumerate(self.arguments):
            if isinstance(each, Tensor) and each._a is array:
                leaf = self.values.leaf("argument", array, each, f"argument {i + 1}")
                return self._known(array, leaf)
        if id(array) in self._of_grad:
            return self._gradient(self._of_grad[id(array)])
        if id(array) in self._kept:
            return self.place(self._kept[id(array)]).now
        if not isinstance(given, Tensor) and array.ndim == 0:
            return self.kernel.own(self.values.constant(array))
        raise Unwritable(
            "a tensor is used that no operation of the step, argument or variable accounts for")

    def _known(self, array: Any, value: Value) -> Value:
        self._content[id(array)] = self.kernel.own(value)
        return value

    def place(self, tensor: Tensor) -> Place:
        """Return the place of a tensor that outlives the step."""
        found = self.places.get(id(tensor._a))
        if found is None:
            name = self.watch.reader.names.get(id(tensor), "")
            leaf = self.kernel.own(self.values.leaf("kept", tensor._a, tensor, name))
            found = self.places[id(tensor._a)] = Place(self.kernel, leaf)
        return found

    def together(self, tensors: list[Tensor]) -> Any:
        """Return the stretch of memory in which the tensors' arrays lie from now on, or None."""
        places = [self.place(each) for each in tensors]
        flat = self._lay(tensors)
        for place, each in zip(places, tensors, strict=True):
            if each._a is not place.leaf.array:  # its places are found by its array, which is another now
                self.places[id(each._a)] = self.places.pop(id(place.leaf.array))
                self._kept[id(each._a)] = each
                place.leaf.array = each._a
        return flat

    # operations

    def operation(self, event: Event) -> None:
        """Follow one operation of tensors."""
        given, made = event.given, event.made
        kind, name = given["kind"], given["name"]
        if kind == "unknown":
            word = name.removesuffix("0").removesuffix("Backward")
            raise Unwritable(f"{word} has no record to write from")
        if kind == "dropout":
            x, noise = given["operands"]
            out, back = self.ways.dropout(self.value(x), noise, given["settings"]["p"])
        else:
            out, back = self.ways.way(
                kind, name, [self.value(each) for each in given["operands"]], given["settings"])
        if kind == "record" and name == "batch_norm":
            self._statistics()
        if out.dtype != made._a.dtype:
            out = self.kernel.cast(out, made._a.dtype)
        if out.shape != made._a.shape:
            raise Unwritable(f"{given['name']} gives another shape when it is written")
        self._content[id(made._a)] = out
        if given["grad"] and made._rg and made._edge is not None:
            node = made._edge[0] if type(made._edge) is tuple else made._edge
            if node.hooks:
                raise Unwritable("a tensor carries a hook, or retains its gradient")
            self._backs[id(node)] = (back, out)

    def whole(self, event: Event) -> None:
        """Follow a function that is followed as one, and gives one tensor or several."""
        given = event.given
        outs, back = given["whole"].write(
            self.ways, [self.kernel.array(each) if isinstance(each, np.ndarray) else self.value(each)
                        for each in given["operands"]], given["settings"])
        for out, each in zip(outs, event.made, strict=True):
            if out.dtype != each._a.dtype or out.shape != each._a.shape:
                raise Unwritable(f"{given['name']} gives another dtype or shape when it is written")
            self._content[id(each._a)] = out
        edge = next((each._edge for each in event.made if each._rg and each._edge is not None), None)
        if given["grad"] and edge is not None:
            several = type(edge) is tuple
            node = edge[0] if several else edge
            self._backs[id(node)] = (
                back if several else lambda g, need: back([g], need), outs[0])
            self._wholes[id(node)] = len(outs)

    def constant(self, event: Event) -> None:
        """Note an array that the step makes of plain numbers."""
        self._content[id(event.made._a)] = self.kernel.own(self.values.constant(event.given["array"]))

    def norm(self, event: Event) -> None:
        """Note the running estimates that the batch normalisation to come moves."""
        own = event.given
        self.ways.norm = None
        if own["training"]:
            names = ("running_mean", "running_var", "momentum")
            size = own["input"]._a.size // own["input"]._a.shape[1]
            self.ways.norm = {**{name: own[name] for name in names}, "size": size}

    def _statistics(self) -> None:
        norm, self.ways.norm = self.ways.norm, None
        assert norm is not None
        pace, size = norm["momentum"], norm["size"]
        unbiased = pace * size / (size - 1) if size > 1 else pace
        for name, of, share in (("running_mean", "mean", pace), ("running_var", "variance", unbiased)):
            if norm[name] is None:
                continue
            place = self.place(norm[name])
            kind = place.leaf.dtype
            part = norm[of] * np.array(share, kind)
            place.put("multiply", place.now, np.array(1 - pace, kind))
            place.put("add", place.now, part)
            self.versions.append(norm[name])

    def count(self, event: Event) -> None:
        """Count a batch."""
        place = self.place(event.given["buffer"])
        place.put("add", place.now, 1)
        self.versions.append(event.given["buffer"])

    # tensors without a gradient

    def ufunc(self, event: Event) -> None:
        """Follow a comparison."""
        operands = [self.value(each) for each in event.given["operands"]]
        self._content[id(event.made._a)] = self.kernel.apply(event.given["name"], *operands)

    def place_of(self, event: Event) -> None:
        """Follow argmax and argmin."""
        a, dim, keep = self.value(event.given["operands"][0]), event.given["dim"], event.given["keep"]
        name = event.given["name"]
        out = self.kernel.own(self.values.function(
            name, getattr(np, name), (a,), {"axis": dim, "keepdims": bool(keep)}))
        self._content[id(event.made._a)] = out

    def cast(self, event: Event) -> None:
        """Follow a change of dtype that has no gradient."""
        a = self.value(event.given["operands"][0])
        self._content[id(event.made._a)] = self.kernel.cast(a, event.given["dtype"])

    def read(self, event: Event) -> None:
        """Note which number is which value's."""
        self.reads.append((event.made, self.value(event.given["operands"][0])))

    def write(self, event: Event) -> None:
        """Follow a write in place, outside the graph."""
        x, result = event.given["x"], event.given["result"]
        result = self.kernel.zeros_like(x._a) if result is None else self.value(result)
        leaf = self._of_grad.get(id(x._a))
        if leaf is not None:
            self._change(leaf, "copy", (result,), _put(result))
        elif id(x._a) in self._kept and x._base is None:
            place = self.place(self._kept[id(x._a)])
            place.put("copy", result)
            self.versions.append(self._kept[id(x._a)])
        else:
            raise Unwritable("a tensor is written in place that is neither a parameter nor a buffer")

    # gradients

    def _gradient(self, leaf: Tensor) -> Any:
        """Return the value of a leaf's gradient at this moment; None where it has none."""
        if leaf in self.grads:
            return self.grads[leaf]
        self.asked.add(leaf)
        array = self.had.get(leaf)
        found = None
        if array is not None:
            found = self.kernel.own(self.values.leaf("gradient", array, leaf, "gradient"))
            self.places[id(array)] = Place(self.kernel, found)
            self._of_grad[id(array)] = leaf
        self.grads[leaf] = found
        return found

    def _change(self, leaf: Tensor, op: str, args: tuple[Any, ...], anew: Callable[[Any], Any]) -> None:
        """Change a gradient: in its array where it had one before the step, else as a new value."""
        now = self._gradient(leaf)
        place = self.places.get(id(self.had.get(leaf)))
        if place is not None and now is place.now:
            self.grads[leaf] = place.put(op, *args)
            self.grad_versions.append(leaf)
        else:
            self.grads[leaf] = anew(now)

    def gradient(self, event: Event) -> None:
        """Note which array a gradient that is looked at stands in."""
        self._of_grad[id(event.given["array"])] = event.given["leaf"]

    def forget(self, event: Event) -> None:
        """Forget one gradient."""
        self.grads[event.given["leaf"]] = None

    def zero(self, event: Event) -> None:
        """Forget gradients, or fill them with zeros."""
        owner = event.given["self"]
        groups = getattr(owner, "param_groups", None)
        listed = list(owner.parameters()) if groups is None else [p for g in groups for p in g["params"]]
        for p in listed:
            if event.given["set_to_none"]:
                self.grads[p] = None
                continue
            now = self._gradient(p)
            if now is not None:
                zeros = self.kernel.zeros_like(now)
                self._change(p, "copy", (zeros,), _put(zeros))

    def backward(self, event: Event) -> None:
        """Follow a backward pass through the nodes that the call recorded."""
        root: Any = event.given["root"]
        if event.given["keep"]:
            raise Unwritable("backward() is called with retain_graph=True")
        if root._edge is None or type(root._edge) is tuple or root._a.size != 1:
            raise Unwritable("backward() starts at something else than one loss")
        one = self.kernel.own(self.values.constant(np.ones(root._a.shape, root._a.dtype)))
        arrived: dict[int, Any] = {id(root._edge): one}
        waiting = {root._edge.seq: root._edge}
        leaves: dict[Tensor, Any] = {}
        while waiting:
            node = waiting.pop(max(waiting))
            g = arrived.pop(id(node))
            found = self._backs.get(id(node))
            if found is None or id(node) in self.freed:
                raise Unwritable(f"{type(node).__name__} is not followed on the way back")
            if node.hooks:
                raise Unwritable("a tensor carries a hook, or retains its gradient")
            self.freed.add(id(node))
            back, out = found
            self.values.about = f"gradient of {out.about}"
            for edge, r in zip(node.edges, self._handed(node, back, g), strict=False):
                if edge is None or r is None:
                    continue
                if type(edge) is tuple:  # one of several tensors that a function gave
                    edge, place = edge
                    several = arrived.setdefault(id(edge), [None] * self._wholes.get(id(edge), place + 1))
                    several[place] = r if several[place] is None else several[place] + r
                    waiting[edge.seq] = edge
                elif edge.seq < 0:
                    leaves[edge] = leaves[edge] + r if edge in leaves else r
                elif id(edge) in arrived:
                    arrived[id(edge)] = arrived[id(edge)] + r
                else:
                    arrived[id(edge)] = r
                    waiting[edge.seq] = edge
        for leaf, g in leaves.items():
            self._deliver(leaf, g)

    def _handed(self, node: Any, back: Back, g: Any) -> list[Any]:
        """Return a node's gradients in the order of its inputs."""
        told = type(node).told
        order = told.order if told is not None and told.kind == "record" else ()
        wanted = [edge is not None for edge in node.edges]
        if not order or id(node) in self._wholes:
            return back(g, wanted)
        need = [False] * (max(order) + 1)
        for slot, want in zip(order, wanted, strict=False):
            need[slot] = want
        by_slot = back(g, need)
        return [by_slot[slot] if slot < len(by_slot) else None for slot in order]

    def _deliver(self, leaf: Tensor, g: Any) -> None:
        if any(name in leaf.__dict__ for name in ("_hooks", "_after_hooks")):
            raise Unwritable("a parameter carries a hook")
        if not leaf._rg:
            return
        if id(leaf) not in self._kept_ids:
            raise Unwritable("a gradient is accumulated in a tensor that the step's names do not lead to")
        self.values.about = f"gradient of {self.watch.reader.names.get(id(leaf), '')}"
        g = self.kernel.cast(g, leaf._a.dtype)
        if self._gradient(leaf) is None:
            self.grads[leaf] = g
        else:
            self._change(leaf, "add", (self._gradient(leaf), g), lambda now: now + g)

    def clip(self, event: Event) -> None:
        """Follow the clipping of gradients by their joint norm."""
        k, own = self.kernel, event.given
        listed = [own["parameters"]] if isinstance(own["parameters"], Tensor) else list(own["parameters"])
        if own["error_if_nonfinite"]:
            raise Unwritable("clip_grad_norm_ with error_if_nonfinite raises by a value")
        grads = [(p, g) for p in listed if (g := self._gradient(p)) is not None]
        order = float(own["norm_type"])
        norms = [norm_of(k, g, order) for _, g in grads]
        if not norms:
            raise Unwritable("gradients are clipped where there are none")
        total = norm_of(k, k.stack(norms, 0), order)
        self._content[id(event.made._a)] = total
        factor = k.minimum(k.apply("divide", float(own["max_norm"]), total + 1e-6), 1.0)
        for p, g in grads:
            scale = k.cast(factor, g.dtype)
            self._change(p, "multiply", (g, scale), scale.__rmul__)

    def clip_value(self, event: Event) -> None:
        """Follow the clipping of each entry."""
        k, bound = self.kernel, float(event.given["clip_value"])
        given = event.given["parameters"]
        for p in [given] if isinstance(given, Tensor) else list(given):
            g = self._gradient(p)
            if g is not None:
                held = k.minimum(k.maximum(g, -bound), bound)
                self._change(p, "copy", (held,), _put(held))

    # updates

    def step(self, event: Event) -> None:
        """Follow an optimizer's step."""
        self.versions += self.steps.step(event.given["self"], self._gradient, self.grads)


def _put(value: Any) -> Callable[[Any], Any]:
    return lambda now: value


_FOLLOW: dict[str, Callable[[Followed, Event], None]] = {
    "operation": Followed.operation, "whole": Followed.whole, "constant": Followed.constant,
    "norm": Followed.norm, "count": Followed.count,
    "ufunc": Followed.ufunc, "place": Followed.place_of, "cast": Followed.cast,
    "unknown": lambda followed, event: None, "read": Followed.read, "write": Followed.write,
    "gradient": Followed.gradient, "forget": Followed.forget, "zero": Followed.zero,
    "backward": Followed.backward, "clip": Followed.clip, "clip_value": Followed.clip_value,
    "step": Followed.step,
}
