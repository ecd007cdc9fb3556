"""Reads what a practice edits: practice.yaml, its FAQ, its escalation rules. Strict: a mistake is named by line and key."""

from agent.practice_folder.practice import read_practice

__all__ = ["read_practice"]
