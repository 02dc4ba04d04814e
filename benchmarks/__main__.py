"""Runs the benchmarks named, or all of them, and prints their ratios; `reports` may be given another checkout."""

import sys
from pathlib import Path

from benchmarks import reading, reports, scorecard

ALL = {"reading": reading.run, "scorecard": scorecard.run, "reports": reports.run}

if __name__ == "__main__":
    given = sys.argv[1:]
    others = [Path(name) for name in given if name not in ALL]
    for name in [name for name in given if name in ALL] or ALL:
        print(f"\n## {name}\n")
        reports.run(*others) if name == "reports" else ALL[name]()
