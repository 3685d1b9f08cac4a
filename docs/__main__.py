"""Build the documentation as a site: `python -m docs -o site`; needs `pip install -e ".[docs]"`.

The pages of this folder are copied, a gallery and a reference are made beside them, and Sphinx writes
HTML. A warning is an error: a link that leads nowhere, a picture that is not there, a page that no list
names.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import main as sphinx

from .site.gallery import gallery
from .site.reference import reference

HERE = Path(__file__).parent
ROOT = HERE.parent
_UPWARD = re.compile(r"(?<!!)\[([^\]\n]+)\]\((\.\./[^)\s]+)\)")


def prepared(folder: Path, examples: Path | None) -> None:
    """Write what the site is made of: the pages, the gallery and its pictures, the reference."""
    shutil.copytree(
        HERE,
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("*.py", "site", "__pycache__"),
    )
    for name in ("conf.py", "site.css"):
        shutil.copy(HERE / "site" / name, folder)
    for page in HERE.rglob("*.md"):
        text = _UPWARD.sub(
            lambda link, page=page: _inside(link, page), page.read_text(encoding="utf-8")
        )
        (folder / page.relative_to(HERE)).write_text(text, encoding="utf-8")
    (folder / "reference.md").write_text(reference(), encoding="utf-8")
    (folder / "gallery.md").write_text(
        gallery(folder / "pictures", ROOT / "examples", examples), encoding="utf-8"
    )


def _inside(link: re.Match[str], page: Path) -> str:
    """Return a link to another page as it is, and one to a file that is no page as the file's name."""
    target = (page.parent / link[2].partition("#")[0]).resolve()
    if not target.exists():
        raise SystemExit(f"{page.relative_to(ROOT)} leads to {link[2]}, which is not there")
    if target.is_relative_to(HERE):
        return link[0]
    return f"{link[1]} (`{target.relative_to(ROOT).as_posix()}`)"


def main(arguments: list[str] | None = None) -> int:
    """Build the site and return Sphinx's exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "-o", "--output", type=Path, default=ROOT / "build" / "site", help="a folder (build/site)"
    )
    parser.add_argument(
        "--examples",
        type=Path,
        metavar="FOLDER",
        help="where the examples have been run, a folder each; else those with pictures are run",
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        prepared(Path(made), given.examples)
        return int(sphinx(["-W", "--keep-going", "-q", "-b", "html", made, str(given.output)]))


if __name__ == "__main__":
    sys.exit(main())
