"""What the benchmarks share: the median of a few runs, and peak memory in a process of its own."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any


def median_seconds(work: Callable[[], Any], runs: int = 3) -> float:
    """The median wall time of a few runs."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def in_own_process(code: str, *arguments: str) -> tuple[float, float]:
    """(seconds, peak memory in MB) of a piece of code in a fresh Python, its imports left out of the time.

    The code prints its seconds as its last line. Memory is the largest of the process and of each of its children.
    """
    memory = (
        "\nimport resource\nprint(max(resource.getrusage(who).ru_maxrss for who in "
        "(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code + memory, *arguments], capture_output=True, text=True, check=True
    )
    seconds, megabytes = shown.stdout.split()[-2:]
    return float(seconds), float(megabytes)
