"""The eval suite: scripted and simulated callers against a whole Careline, offline, graded on the schedule first."""
