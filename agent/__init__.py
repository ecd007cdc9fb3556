"""Careline: an open-source front desk for medical practices."""

from agent.domain.hushed import hush

hush()
