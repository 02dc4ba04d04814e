"""Writes the fictional dataset into a folder: `python -m tests.example DIR`."""

import sys
from pathlib import Path

from .write import write_example

for path in write_example(Path(sys.argv[1])):
    print(f"Geschreven: {path}")
