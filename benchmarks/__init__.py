"""Side-by-side timings, as ratios in one run: `python -m benchmarks [reading|scorecard|reports [another checkout]]`."""
