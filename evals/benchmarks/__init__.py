"""Commands that measure: `python -m evals.benchmarks.<name>`. Each prints its figures as one JSON line."""
