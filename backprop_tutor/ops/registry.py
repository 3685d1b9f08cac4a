"""Tables whose readers see the rows that are added later, and what is computed from whole tables.

A `Table` is read as the dict it is, at a dict's speed, and iterated as it stood when that began. A table
derived from another follows it: what a row adds to it is said once, as a function of the row. A row is
added to a table and all that follow it, or to none of them. Rows never change and never leave, so
nothing that was derived, parsed or drawn speaks of another rule later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, wraps
from threading import RLock, local
from typing import Any, ParamSpec, TypeVar

from ..frozen import Unchanging

__all__ = ["Table", "cached_of_tables", "read_first"]

T = TypeVar("T")
U = TypeVar("U")
P = ParamSpec("P")
Items = Callable[[T], Mapping[str, U]]

_LOCK = RLock()
_AGE = [0]
"""How many rows were added."""


class Table(Unchanging[str, T]):
    """A mapping from names to rows.

    >>> ages = Table({"x": 1})
    >>> older = ages.derived(lambda age: {str(age): age + 1})
    >>> ages.add("y", 5)
    >>> dict(older)
    {'1': 2, '5': 6}
    """

    __slots__ = ("_followers", "_grown")
    _why = "the table is read only; backprop_tutor.register adds an operation"

    def __init__(self, rows: Mapping[str, T] | Iterable[tuple[str, T]] = ()) -> None:
        super().__init__(rows)
        self._followers: list[tuple[Table[Any], Items[T, Any]]] = []
        self._grown: list[Callable[[Any], None]] = []

    # What walks the table walks it as it was: a thread may add a row meanwhile.
    def __iter__(self) -> Iterator[str]:
        return iter(tuple(dict.keys(self)))

    def keys(self) -> Any:
        """Return the names."""
        return tuple(dict.keys(self))

    def values(self) -> Any:
        """Return the rows."""
        return tuple(dict.values(self))

    def items(self) -> Any:
        """Return pairs of names and rows."""
        return tuple(dict.items(self))

    def __reduce__(self) -> Any:
        return dict, (dict(self),)

    def known(self) -> dict[str, T]:
        """Return the rows that are in it, which reads it without adding what is installed."""
        return dict(dict.items(self))

    def derived(self, items: Items[T, U], first: Mapping[str, U] | None = None) -> Table[U]:
        """Return the table of what each row adds to it, of those there are and those to come.

        `first` stands in it without a row.
        """
        with _LOCK:
            made: Table[U] = type(self)(first or {})  # type: ignore[assignment,arg-type]
            if type(self) is _Unread:
                _UNREAD.append(made)
            for row in tuple(dict.values(self)):
                for name, value in items(row).items():
                    if dict.__contains__(made, name):
                        raise ValueError(f"two rows are named {name}")
                    dict.__setitem__(made, name, value)
            self._followers.append((made, items))
            return made

    def each_later(self, seen: Callable[[T], None]) -> None:
        """Call `seen` with each row that is added from now on."""
        self._grown.append(seen)

    def add(self, name: str, row: T) -> None:
        """Add a row to the table and to those that follow it; or to none, if one of them refuses it."""
        with _LOCK:
            added: list[tuple[Table[Any], str]] = []
            try:
                self._add(name, row, added)
            except BaseException:
                for table, key in reversed(added):
                    dict.__delitem__(table, key)
                raise
            _AGE[0] += 1
            for table, key in added:
                for seen in table._grown:
                    seen(dict.__getitem__(table, key))

    def _add(self, name: str, row: T, added: list[tuple[Table[Any], str]]) -> None:
        if dict.__contains__(self, name):
            raise ValueError(f"two rows are named {name}")
        dict.__setitem__(self, name, row)
        added.append((self, name))
        for table, items in self._followers:
            for key, value in items(row).items():
                table._add(key, value, added)


# What comes with installed packages is added when a table is first read.

_UNREAD: list[Table[Any]] = []
"""The tables that nothing has read yet."""
_ADDS: list[Callable[[], bool]] = []
"""What adds the installed rows, and returns whether it is done; none once it was."""
_READING = local()


def read_first(rows: Mapping[str, T], adds: Callable[[], bool]) -> Table[T]:
    """Return a table of which `adds()` adds further rows before it, or one that follows it, is read.

    While `adds` returns False, because some are not to be had yet, it is asked at each reading.
    """
    table: Table[T] = _Unread(rows)
    _UNREAD.append(table)
    _ADDS.append(adds)
    return table


def _read() -> None:
    if not _ADDS or getattr(_READING, "now", False):
        return
    _READING.now = True
    try:
        done = False not in [adds() for adds in tuple(_ADDS)]  # each is asked
    finally:
        _READING.now = False
    if done:
        with _LOCK:
            _ADDS.clear()
            for table in _UNREAD:
                table.__class__ = Table
            _UNREAD.clear()


class _Unread(Table[T]):
    """A table before its first reading; then it is a `Table`, and as fast."""

    __slots__ = ()

    def __getitem__(self, name: str) -> T:
        _read()
        return dict.__getitem__(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the row of a name, or the default."""
        _read()
        return dict.get(self, name, default)

    def __contains__(self, name: object) -> bool:
        _read()
        return dict.__contains__(self, name)

    def __len__(self) -> int:
        _read()
        return dict.__len__(self)

    def __iter__(self) -> Iterator[str]:
        _read()
        return Table.__iter__(self)

    def keys(self) -> Any:
        """Return the names."""
        _read()
        return Table.keys(self)

    def values(self) -> Any:
        """Return the rows."""
        _read()
        return Table.values(self)

    def items(self) -> Any:
        """Return pairs of names and rows."""
        _read()
        return Table.items(self)


def cached_of_tables(maxsize: int | None = None) -> Callable[[Callable[P, U]], Callable[P, U]]:
    """Return a decorator like `lru_cache` whose answers hold until a row is added to a table.

    For what is computed from whole tables; arguments are given by place.
    """

    def decorated(function: Callable[P, U]) -> Callable[P, U]:
        ask: Callable[..., U] = function

        @lru_cache(maxsize)
        def kept(age: int, *given: Any) -> U:
            return ask(*given)

        @wraps(function)
        def asked(*given: P.args, **named: P.kwargs) -> U:
            if _ADDS:
                _read()
            return kept(_AGE[0], *given)

        return asked

    return decorated
