"""Why the system or the standard library could not read or write something, in the reader's language.

Enters: an error of theirs. Leaves: their own words in English, and a translation where the reader's
language has one; words that are not in the tables are given as they are.
"""

from __future__ import annotations

import re

from .sentences import N_, said, sentence

__all__ = ["reason"]

_KNOWN = frozenset({
    # the system's
    N_("No such file or directory"), N_("Permission denied"), N_("Operation not permitted"),
    N_("Is a directory"), N_("Not a directory"), N_("No space left on device"),
    N_("Disk quota exceeded"), N_("Read-only file system"), N_("File name too long"),
    N_("File exists"), N_("File too large"), N_("Too many open files"),
    N_("Too many levels of symbolic links"), N_("Input/output error"), N_("Invalid argument"),
    N_("Bad file descriptor"), N_("No such device or address"), N_("No such device"),
    N_("Device or resource busy"), N_("Directory not empty"), N_("Broken pipe"),
    N_("Cannot allocate memory"), N_("Text file busy"), N_("embedded null byte"),
    N_("Address already in use"), N_("Cannot assign requested address"),
    N_("Name or service not known"),
    # tomllib's
    N_("Invalid statement"), N_("Expected newline or end of document after a statement"),
    N_("Cannot overwrite a value"), N_("Expected ']' at the end of a table declaration"),
    N_("Expected ']]' at the end of an array declaration"),
    N_("Expected '=' after a key in a key/value pair"), N_("Invalid initial character for a key part"),
    N_("Unclosed array"), N_("Unclosed inline table"), N_("Unescaped '\\' in a string"),
    N_("Invalid hex value"), N_("Escaped character is not a Unicode scalar value"),
    N_("Unterminated string"), N_("Invalid date or datetime"), N_("Invalid value"),
    # json's
    N_("Unterminated string starting at"), N_("Expecting property name enclosed in double quotes"),
    N_("Illegal trailing comma before end of object"), N_("Illegal trailing comma before end of array"),
    N_("Expecting ':' delimiter"), N_("Expecting value"), N_("Expecting ',' delimiter"),
    N_("Extra data"), N_("Invalid control character at"), N_("Invalid \\escape"),
    N_("Invalid \\uXXXX escape"),
    # csv's
    N_("line contains NUL"), N_("unexpected end of data"),
    N_("new-line character seen in unquoted field - do you need to open the file with newline=''?"),
})  # fmt: skip
"""What they say word for word."""

_SHAPED = (
    (r"(?P<told>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)",
     N_("{told} (at line {line}, column {column})")),
    (r"(?P<told>.*) \(at end of document\)", N_("{told} (at end of document)")),
    (r"Illegal character (?P<char>.+)", N_("Illegal character {char}")),
    (r"Found invalid character (?P<char>.+)", N_("Found invalid character {char}")),
    (r"Expected (?P<what>'.+')", N_("Expected {what}")),
    (r"Cannot declare (?P<key>.+) twice", N_("Cannot declare {key} twice")),
    (r"Cannot mutate immutable namespace (?P<key>.+)", N_("Cannot mutate immutable namespace {key}")),
    (r"Cannot redefine namespace (?P<key>.+)", N_("Cannot redefine namespace {key}")),
    (r"Duplicate inline table key (?P<key>.+)", N_("Duplicate inline table key {key}")),
    (r"'(?P<char>.)' expected after '\"'", N_("'{char}' expected after '\"'")),
    (r"field larger than field limit \((?P<limit>\d+)\)",
     N_("field larger than field limit ({limit})")),
    (r"'utf-8' codec can't (?P<do>encode|decode) .*", N_("it is not UTF-8 text")),
)  # fmt: skip
"""What they say around names and numbers, as a pattern and as a sentence with its places."""


def reason(error: BaseException | str) -> str:
    """Return what an error says of itself, in the reader's language.

    >>> import tomllib
    >>> try:
    ...     tomllib.loads("a = ")
    ... except ValueError as error:
    ...     reason(error)
    'Invalid value (at end of document)'
    """
    return _in_words(str(getattr(error, "strerror", None) or error))


def _in_words(text: str) -> str:
    if text in _KNOWN:
        return sentence(text)
    for pattern, shape in _SHAPED:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found and sentence(shape) != shape:
            fields = {k: _in_words(v) if k == "told" else v for k, v in found.groupdict().items()}
            return said(shape, **fields)
    return text
