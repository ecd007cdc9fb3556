"""Scenarios while the machinery fails: `python -m evals.outages --help`."""
