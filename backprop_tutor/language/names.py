"""What a run of letters means: one name, a function, a constant, a Greek letter, or several names
side by side. The rule of the language about names lives here; this file does not know operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from ..errors import did_you_mean, nearest, quoted
from ..ops import BASED, FUNCTIONS, cached_of_tables, function_named
from ..ops.array_rows import ARRAY_NAMES
from ..sentences import said
from .elsewhere import unknown_function, way_out
from .limits import MOST_FAULTS
from .symbols import ACCENTS, GREEK, bare

__all__ = ["CONSTANTS", "Names"]

CONSTANTS = ("pi", "e")
"""Named constants; `e` only while it is not declared as a name."""

_LETTER_NAME = "|".join(sorted(GREEK, key=len, reverse=True))
_ACCENT = rf"(?:_(?:{'|'.join(ACCENTS)})(?![A-Za-z]))"
_BRACED = r"\{[A-Za-z0-9_]+\}"
_PIECE = re.compile(rf"[A-Za-z]\d*(?:{_ACCENT}\d*)?(?:_(?:{_BRACED}|\d+|[A-Za-z]+\d*))?")
_GREEK_RUN = re.compile(
    rf"(?:{_LETTER_NAME}){_ACCENT}?(?:\d+(?:_[A-Za-z0-9]+)?|_(?:{_BRACED}|[A-Za-z0-9]+))?\Z"
)
_MARKED = re.compile(
    rf"⟨([A-Za-z]+)⟩(\d*{_ACCENT}?\d*(?:_(?:{_BRACED}|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*))?)\Z"
)
_BASED = re.compile(rf"({'|'.join(BASED)})_([A-Za-z0-9]\w*)\Z", re.ASCII)
_WORDS_OF_PROGRAMS = frozenset(
    {"if", "else", "elif", "for", "while", "and", "or", "not", "import", "return", "def", "class",
     "None", "True", "False", "nan", "NaN", "inf", "infinity", "true", "false"}
)  # fmt: skip


@cached_of_tables()
def _long() -> tuple[str, ...]:
    """Return the functions that a run may begin with by intent; `se` and `ce` are as likely products."""
    beginning = (name for name in FUNCTIONS if len(name) > 2 or name == "ln")
    return tuple(sorted(beginning, key=len, reverse=True))



_SAID_BEFORE = ("", "")
"""The fault of a name that was reported where it stood before."""

Part = tuple[str, str, int]
"""A token's kind, its text, and how many characters of the run it took."""


class Names:
    """The names that are declared, and what a run of letters is read as beside them.

    With `closed`, a name that is not declared is a fault; else it is an input. With `joined`,
    `w_1` is the declared `w1` where there is no declared `w_1`, as in LaTeX, which cannot tell
    them apart.
    """

    def __init__(
        self, declared: Iterable[str] = (), closed: bool = False, joined: bool = False
    ) -> None:
        self.declared: set[str] = set(declared)
        self.closed = closed
        self.joined = joined
        self._reported: set[str] = set()
        self._near: dict[str, str | None] = {}

    def knows(self, name: str) -> bool:
        """Return whether the name, in one of its spellings, is declared."""
        return self._spelled(bare(name)) in self.declared

    def _spelled(self, name: str) -> str:
        """Return the name as it is declared."""
        if self.joined and name not in self.declared:
            stem, _, digits = name.rpartition("_")
            if digits.isdigit() and stem + digits in self.declared:
                return stem + digits
        return name

    def read(
        self, run: str, called: bool = False, tight: bool = True, raised: bool = False
    ) -> tuple[list[Part], tuple[str, str] | None, str]:
        """Return the parts of a run, a fault with its hint or None, and a note or nothing.

        `called`: a bracket follows; `tight`: with nothing between; `raised`: a power follows.

        >>> [part[:2] for part in Names(["w1"]).read("w1xpi")[0]]
        [('NAME', 'w1'), ('NAME', 'x'), ('NAME', 'p'), ('NAME', 'i')]
        """
        base = _BASED.match(run) if called and not self.knows(run) else None
        if base and run not in FUNCTIONS and run not in ARRAY_NAMES:
            return self._based(run, base.group(1), base.group(2))
        if base is None and _BASED.match(run) and not self.closed and not self._own(run):
            lone = said("the function {run} is used without an argument", run=quoted(run))
            hint = said("its argument stands in brackets: {run}( … )", run=run)
            return [("NAME", run, len(run))], (lone, hint), ""
        marked = _MARKED.match(run)
        if marked:
            return self._marked(self._spelled(bare(run)), run, called, raised)
        whole = self._whole(self._spelled(bare(run)), called or raised)
        if whole:
            return [(*whole, len(run))], None, ""
        named = function_named(run) if called or raised or len(run) > 2 else ""
        if called and not named and run in ARRAY_NAMES:
            named = run
        if named and not self._all_declared(run):
            return [("FUNCTION", named, len(run))], None, ""
        fault = self._refused(run, called, tight, raised)
        if fault:
            return [("NAME", run, len(run))], fault, ""
        parts = self._split(run, called or raised)
        unknown = self._unknown(run, parts)
        if unknown:
            return [("NAME", run, len(run))], unknown, ""
        note = ""
        if len(parts) > 1:
            product = [text for _, text, _ in parts]
            begun = next((name for name in _long() if run.startswith(name)), "")
            if begun and parts[-1][0] != "FUNCTION":
                return [("NAME", run, len(run))], _begun(run, begun, product), ""
            note = said("`{run}` was read as {names}", run=bare(run), names="·".join(product))
        return parts, None, note

    def _own(self, run: str) -> bool:
        """Return whether the run is one word of its own: a name, a function or a constant."""
        return self.is_whole(run) or self.knows(run)

    def _based(
        self, run: str, function: str, base: str
    ) -> tuple[list[Part], tuple[str, str] | None, str]:
        """Read `log_a`, a logarithm and its base: one name, or a whole number."""
        parts: list[Part] = [("FUNCTION", function, len(function)), ("BASED", "{", 1)]
        inner: list[Part] = [("NUMBER", base, len(base))]
        if not base.isdigit():
            inner, fault, _ = self.read(base)
            if fault or len(inner) > 1 or inner[0][0] == "FUNCTION":
                message = said(
                    "the base of a logarithm is one name or a number, not {base}", base=quoted(base)
                )
                if way_out(run):
                    return [("NAME", run, len(run))], unknown_function(run, ""), ""
                return [("NAME", run, len(run))], fault or (message, f"write {function}(x, …)"), ""
        return [*parts, *inner, ("BASE_END", "}", 0)], None, ""

    def _unknown(self, run: str, parts: list[Part]) -> tuple[str, str] | None:
        """Return the fault of names that are not declared where all must be; each once."""
        if not self.closed:
            return None
        unknown = [t for kind, t, _ in parts if kind == "NAME" and t not in self.declared]
        if not unknown:
            return None
        named = run if len(unknown) > 1 or len(parts) == 1 else unknown[0]
        if named in self._reported:
            return _SAID_BEFORE
        self._reported.add(named)
        if len(self._reported) > MOST_FAULTS:
            return said("the name {named} is not known", named=quoted(named)), ""
        functions = FUNCTIONS if len(named) > 2 and self.declared else ()
        near = [*self.declared, *functions]
        hint = did_you_mean(named, near) or self._offer()
        return said("the name {named} is not known", named=quoted(named)), hint

    def _near_function(self, run: str) -> str | None:
        """Return the function most like the run; for so many runs as faults are reported."""
        if run not in self._near and len(self._near) < 20 * MOST_FAULTS:
            self._near[run] = nearest(run, FUNCTIONS)
        return self._near.get(run)

    def _offer(self) -> str:
        if not self.declared:
            return said("no names can be used here")
        listed = sorted(self.declared)
        more = ", …" if len(listed) > 12 else ""
        return said("known here: {names}{more}", names=", ".join(listed[:12]), more=more)

    def _whole(self, run: str, called: bool) -> tuple[str, str] | None:
        if run in self.declared:
            return "NAME", run
        if run in FUNCTIONS:
            return "FUNCTION", run
        if run == "sigma" and called:
            return "FUNCTION", "σ"
        if run in CONSTANTS:
            return "NUMBER", run
        if _GREEK_RUN.match(run) and not self.closed:
            return "NAME", run
        return None

    def _marked(
        self, name: str, run: str, called: bool, raised: bool
    ) -> tuple[list[Part], tuple[str, str] | None, str]:
        """Read a letter or a word that is one name by its kind: θ, or `\\text{out}`."""
        if name not in self.declared:
            if name == "sigma" and (called or raised):
                return [("FUNCTION", "σ", len(run))], None, ""
            if name == "pi":
                return [("NUMBER", "pi", len(run))], None, ""
            if (called or raised) and function_named(name):
                return [("FUNCTION", function_named(name), len(run))], None, ""
            if (
                called
                and len(name.partition("_")[0].rstrip("0123456789")) > 1
                and name.partition("_")[0].rstrip("0123456789") not in GREEK
            ):
                hint = did_you_mean(name, FUNCTIONS) or said("a product is written with `*`")
                return (
                    [("NAME", name, len(run))],
                    unknown_function(name, hint),
                    "",
                )
        parts: list[Part] = [("NAME", name, len(run))]
        return parts, self._unknown(name, parts), ""

    def pieces(self, run: str) -> list[str]:
        """Return the names that a run falls into where it is no name as a whole."""
        return self._pieces(run) or ([run] if _MARKED.match(run) else [])

    def is_whole(self, run: str) -> bool:
        """Return whether the run is one name, a function or a constant, whatever it consists of."""
        plain = bare(run)
        greek = "_" not in plain and _GREEK_RUN.match(plain) is not None
        return self._spelled(plain) in self.declared or greek or bool(function_named(plain))

    def _refused(self, run: str, called: bool, tight: bool, raised: bool) -> tuple[str, str] | None:
        if run in _WORDS_OF_PROGRAMS:
            hint = said("a choice is written where(x > 0, a, b)") if run == "if" else ""
            if run.startswith("inf"):
                hint = said("the order of a norm is written norm(x, p=inf)")
            return said("the word {run} has no meaning in a formula", run=quoted(run)), hint
        if len(run) > 400:
            return said("a run of more than 400 letters is not a name"), ""
        if called and function_named(run):
            product = "*".join(self._pieces(run))
            hint = said(
                "write {run}( … ), or {product}*( … )", run=function_named(run), product=product
            )
            return said("{run} could be a function or a product", run=quoted(run)), hint
        ends = _functions_at_end(run) if called or raised else []
        splits = self._splits(run) if ends else []
        if ends and len(splits) != 1:
            products = said(" or ").join(f"{run[: -len(end)]}*{end}( … )" for end in splits)
            hint = (
                said("write {products}", products=products)
                if products
                else self._instead(run, ends)
            )
            return unknown_function(run, hint)
        if called and tight and len(run) > 1 and not ends:
            if self._all_declared(run):
                return None
            pieces = self._pieces(run)
            letters = sum(c.isalpha() for c in run)
            near = self._near_function(run) if letters >= 3 or run.isalpha() else None
            if near or (letters >= 3 and len(pieces) != 1) or way_out(run):
                hint = (
                    said("did you mean {near}?", near=quoted(near))
                    if near
                    else said("a product is written with `*`")
                )
                return unknown_function(run, hint)
        if not self._pieces(run):
            return said(
                "{run} is not a name: a letter, then digits or one subscript", run=quoted(run)
            ), ""
        return None

    def _splits(self, run: str) -> list[str]:
        """Return the functions at the run's end before which a known name stands."""
        return [end for end in _functions_at_end(run) if self._is_known(run[: -len(end)])]

    def _all_declared(self, run: str) -> bool:
        pieces = self._pieces(run)
        return bool(pieces) and all(self._spelled(bare(p)) in self.declared for p in pieces)

    def _is_known(self, run: str) -> bool:
        """Return whether the run is a declared name, several of them, or a constant."""
        whole = self._whole(self._spelled(run), False)
        known = whole is not None and (whole[0] == "NUMBER" or whole[1] in self.declared)
        return known or self._all_declared(run)

    def _instead(self, run: str, ends: list[str]) -> str:
        """Return what may have been meant by a run that ends in a function: that, or a product."""
        end = next((e for e in ends if _GREEK_RUN.match(run[: -len(e)])), ends[0])
        close = get_close_matches(run, FUNCTIONS, n=1, cutoff=0.8)
        near = close[0] if close else end
        before = run[: -len(end)]
        if len(self._pieces(before)) == 1 or _GREEK_RUN.match(before):
            return said(
                "did you mean {near}, or the product {before}*{end}( … )?",
                near=quoted(near),
                before=before,
                end=end,
            )
        return said("did you mean {near}? A product is written with `*`", near=quoted(near))

    @staticmethod
    def _pieces(run: str) -> list[str]:
        pieces = _PIECE.findall(run)
        return pieces if sum(map(len, pieces)) == len(run) else []

    def _split(self, run: str, called: bool) -> list[Part]:
        parts: list[Part] = []
        rest = run
        tail: list[Part] = []
        if called:
            for end in self._splits(run):
                rest, tail = run[: -len(end)], [("FUNCTION", end, len(end))]
        if tail:
            whole = self._whole(rest, False)
            if whole:
                return [(*whole, len(rest)), *tail]
        for piece in self._pieces(rest) or [rest]:
            kind = "NUMBER" if piece == "e" and "e" not in self.declared else "NAME"
            parts.append((kind, self._spelled(bare(piece)), len(piece)))
        return parts + tail


_SHORT = 2


def _begun(run: str, begun: str, product: list[str]) -> tuple[str, str]:
    """Return the fault of a run that begins with a function, `sinx`: a call or a product of letters."""
    rest = run[len(begun) :].lstrip("_")
    call = f"{begun}({rest})" if len(rest) <= _SHORT else f"{begun}( … )"
    hint = said(
        "write {call}, or {product}; or give the name {run} a value",
        call=call, product="*".join(product), run=quoted(run),
    )  # fmt: skip
    return said("{run} could be a function or a product", run=quoted(run)), hint


def _functions_at_end(run: str) -> list[str]:
    """Return the functions that a run ends in and is not the whole of, the longest first."""
    return [run[i:] for i in range(1, len(run)) if run[i:] in FUNCTIONS]
