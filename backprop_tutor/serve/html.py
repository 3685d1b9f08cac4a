"""The pages' HTML, from the templates beside this file, and their styles and scripts.

Enters: what a page says. Leaves: responses. Templates escape whatever they are given; scripts and styles
are files of ours, addressed by name from a list, so that no path comes from a request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import Response

from ..pages.filling import filled, resource
from ..render.stage.page_colours import variables
from ..sentences import sentence
from ..translation import languages, speaking
from .examples import EXAMPLES
from .exports import EXPORTS
from .page_words import WORDS
from .settings import Settings

__all__ = ["asset", "front_page"]

_HERE = Path(__file__).parent

_OURS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
)
_MEDIA = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
          ".svg": "image/svg+xml"}  # fmt: skip


@cache
def _assets() -> Mapping[str, bytes]:
    """Return every file of styles and scripts by its name."""
    found = {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())
             if path.suffix in _MEDIA}  # fmt: skip
    found["lesson.css"] = (variables(themed=True) + resource("lesson/lesson.css")).encode()
    return found


@cache
def _version() -> str:
    """Return what the assets' addresses end in, so that a new release is never met with old files."""
    whole = hashlib.sha256(b"".join(name.encode() + data for name, data in _assets().items()))
    return whole.hexdigest()[:12]


def asset(name: str) -> Response:
    """Return a file of styles or scripts."""
    data = _assets().get(name)
    if data is None:
        return Response("not found", 404, media_type="text/plain")
    headers = {"cache-control": "public, max-age=3600", "etag": f'"{_version()}"'}
    return Response(data, media_type=_MEDIA[Path(name).suffix], headers=headers)


def rendered(template: str, lang: str, settings: Settings, **data: Any) -> Response:
    """Return a page made of a template, in a language."""
    with speaking(lang):
        words = {key: sentence(text) for key, text in WORDS.items()}
        html = filled(
            f"serve/templates/{template}", lang=lang, languages=_named(), words=words, version=_version(),
            block=_block({"words": words, "lang": lang, **data.pop("block", {})}), **data,
        )  # fmt: skip
    frames = " ".join(settings.frames) or "'none'"
    headers = {"content-security-policy": f"{_OURS}frame-ancestors {frames}", "cache-control": "no-cache"}
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


def front_page(lang: str, settings: Settings) -> Response:
    """Return the page where one types."""
    with speaking(lang):
        examples = [
            {"name": e.name, "label": sentence(e.label), "program": e.program, "values": dict(e.values)}
            for e in EXAMPLES
        ]
        exports = [(kind, sentence(row.label)) for kind, row in EXPORTS.items() if row.label]
    return rendered(
        "live.html", lang, settings, examples=examples, exports=exports, block={"examples": examples}
    )


def _block(data: Any) -> str:
    """Return data as JSON for a block of data in a page: no text in it can end the block."""
    text = json.dumps(data, ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_NAMES = {"en": "English", "ko": "한국어"}


def _named() -> list[tuple[str, str]]:
    return [(code, _NAMES.get(code, code)) for code in languages()]
