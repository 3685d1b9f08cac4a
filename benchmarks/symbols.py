"""Gradients in symbols against SymPy's derivatives, on 200 random programs."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from programs_in_symbols import differences, program

COUNT = 200


def main() -> None:
    start = time.process_time()
    wrong = [line for seed in range(COUNT) for line in differences(program(seed))]
    print("\n".join(wrong))
    seconds = time.process_time() - start
    print(f"{COUNT} programs, {len(wrong)} gradients that are not SymPy's, {seconds:.0f} s")
    if wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
