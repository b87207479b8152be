"""python -m benchmarks [NAME...]: run the named benchmarks, all when none is named."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from benchmarks.harness import Options, WrongAnswerError, table

NAMES = ("start", "keys", "pull", "parse", "index", "search", "notes", "learning")


def main() -> int:
    """Print one table a benchmark; 1 when a program did not do what was to be timed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument(
        "--full", action="store_true", help="the sizes that the bars speak of; takes far longer"
    )
    parser.add_argument("--rounds", type=int, help="how often all programs take their turn")
    parser.add_argument(
        "--scratch", type=Path, help="keep what is made here and use it again (default: a temporary folder)"
    )
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in NAMES]:
        parser.error(f"no such benchmark: {', '.join(unknown)} (there are {', '.join(NAMES)})")
    with tempfile.TemporaryDirectory(prefix="studytui-bench-", ignore_cleanup_errors=True) as temporary:
        scratch = (chosen.scratch or Path(temporary)).absolute()
        scratch.mkdir(parents=True, exist_ok=True)
        return _run_all(chosen.names or NAMES, Options(scratch, chosen.full, chosen.rounds))


def _run_all(names: list[str] | tuple[str, ...], options: Options) -> int:
    wrong = 0
    print(f"Ratios are ours / theirs, median [least-most] of the rounds. Load now: {os.getloadavg()[0]:.1f}")
    for name in names:
        module = import_module(f"benchmarks.{name}")
        print(f"\n## {name}: {(module.__doc__ or '').strip().splitlines()[0]}\n", flush=True)
        began = time.perf_counter()
        try:
            print(table(list(module.run(options))))
        except WrongAnswerError as error:
            wrong = 1
            print(f"WRONG, no times: {error}")
        print(f"\n({time.perf_counter() - began:.0f} s)", flush=True)
    return wrong


if __name__ == "__main__":
    sys.exit(main())
