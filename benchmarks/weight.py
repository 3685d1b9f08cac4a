"""What an install weighs: this tree into a new virtual environment, and what takes the room.

    python -m benchmarks.weight                  # the plain install
    python -m benchmarks.weight plots animate    # with extras

Files of the environment as they lie on the disk, compiled modules included, without pip itself. Needs
a package index, as any install does.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NOT_OURS = ("pip", "setuptools", "pkg_resources", "_distutils_hack")


def weights(packages: Path) -> Counter[str]:
    """Return the bytes of each package's folder or file."""
    found: Counter[str] = Counter()
    for path in packages.rglob("*"):
        name = path.relative_to(packages).parts[0]
        if path.is_file() and not name.startswith(_NOT_OURS):
            found[name] += path.stat().st_size
    return found


def main(arguments: list[str]) -> None:
    """Install into a new environment, and print what it weighs."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.weight", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("extras", nargs="*", help="extras of pyproject.toml")
    extras = parser.parse_args(arguments).extras
    asked = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        python = Path(place) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", asked], check=True)
        (packages,) = Path(place).rglob("site-packages")
        found = weights(packages)
    name = f"with {', '.join(extras)}" if extras else "plain"
    print(f"Python {sys.version.split()[0]}, {name}: {sum(found.values()) / 1e6:.0f} MB")
    for package, size in found.most_common(16):
        print(f"  {size / 1e6:6.1f} MB  {package}")


if __name__ == "__main__":
    main(sys.argv[1:])
