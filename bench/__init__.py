"""Benchmarks, as ratios within one run: ``make bench``. Machines are noisy; what is compared runs side by side."""
