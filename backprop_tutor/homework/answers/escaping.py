"""What a student typed, made harmless for each kind of document; the only place where that is done.

Nothing typed becomes markup, a spreadsheet's formula or a terminal's control sequence. Characters
that turn the direction of writing or do not show are replaced by one that shows.
"""

from __future__ import annotations

import html
import re

from ...pages.plain import shown_plainly

__all__ = ["code_span", "in_html", "in_json", "in_markdown", "in_spreadsheet", "kept_as_text",
    "prose_in_markdown", "shown_plainly",
]  # fmt: skip

_NUMBER = re.compile(r"[+\-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d+)?\Z")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠", "−")
_SPLIT = re.compile(rf"""(;)(?=[\s"]*[{re.escape("".join(_FORMULA_STARTS))}])""")
"""A semicolon before what a spreadsheet takes for a formula, through blanks and quotation marks."""
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$&^=:])")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def in_html(text: str, most: int = 400) -> str:
    """Return the text for HTML, as content or inside a quoted attribute.

    >>> in_html("<b onclick='x'>")
    '&lt;b onclick=&#x27;x&#x27;&gt;'
    """
    return html.escape(shown_plainly(text, most), quote=True)


def in_markdown(text: str, most: int = 400) -> str:
    r"""Return the text for Markdown, with every character that could be markup escaped.

    >>> in_markdown("*a*|b")
    '\\*a\\*\\|b'
    """
    return _MARKDOWN.sub(r"\\\1", shown_plainly(text, most))


def prose_in_markdown(text: str, most: int = 2000) -> str:
    r"""Return a sentence of ours for Markdown; names in it may have underscores.

    >>> prose_in_markdown("Begin with z1_1.")
    'Begin with z1\\_1.'
    """
    return _MARKUP.sub(r"\\\1", shown_plainly(text, most))


def code_span(text: str, most: int = 400) -> str:
    """Return the text as a Markdown code span that stays whole in a table.

    >>> code_span("a`b|c")
    '``a`b\\\\|c``'
    """
    shown = shown_plainly(text, most).replace("|", "\\|")
    if not shown:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def in_json(text: str) -> str:
    r"""Return JSON in which nothing moves a terminal: C1 and what turns the writing as escapes.

    It says the same; JSON itself escapes C0 alone.

    >>> in_json('{"given": "3\x9b2J"}')
    '{"given": "3\\u009b2J"}'
    """
    return _UNSEEN.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def in_spreadsheet(text: str, most: int = 400) -> str:
    """Return the text for a spreadsheet's cell: what would be a formula is kept as text.

    Plain numbers stay numbers. Some local spreadsheets split lines at `;`, whatever stands in
    quotation marks; what would then begin a cell is kept as text as well.

    >>> in_spreadsheet("=1+1"), in_spreadsheet("-4.5"), in_spreadsheet("anna"), in_spreadsheet("3;=1+1")
    ("'=1+1", '-4.5', 'anna', "3;'=1+1")
    """
    return kept_as_text(shown_plainly(text, most))


def kept_as_text(text: str) -> str:
    """Return the text as it is, but for a `'` before what a spreadsheet would take for a formula.

    >>> kept_as_text("=1+1"), kept_as_text("-2"), kept_as_text("3;=1")
    ("'=1+1", '-2', "3;'=1")
    """
    if text.startswith(_FORMULA_STARTS) and not _NUMBER.match(text):
        text = "'" + text
    return _SPLIT.sub(r"\1'", text) if ";" in text else text
