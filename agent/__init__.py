"""Careline: an open-source front desk for medical practices."""

import os

from agent.domain.hushed import hush

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Read once, when numpy is loaded, so it must stand before: threads of numeric libraries cost a third of a turn here."""
hush()
