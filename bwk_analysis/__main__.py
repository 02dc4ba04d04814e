"""`python -m bwk_analysis` is `bwk`."""

from bwk_analysis.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
