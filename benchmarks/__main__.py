"""Runs the benchmarks named, or all of them, and prints their ratios."""

import sys

from benchmarks import reading, reports, scorecard

ALL = {"reading": reading.run, "scorecard": scorecard.run, "reports": reports.run}

if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        print(f"\n## {name}\n")
        ALL[name]()
