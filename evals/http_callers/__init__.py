"""Callers over HTTP against a second practice, graded on its schedule and its tickets."""
