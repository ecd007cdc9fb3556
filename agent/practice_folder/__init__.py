"""Reads what a practice edits: practice.yaml, its FAQ, its escalation rules. Strict: a mistake is named by line and key."""

from agent.practice_folder.escalation import read_escalation
from agent.practice_folder.faq import FaqEntry, read_faq
from agent.practice_folder.practice import read_practice
from agent.practice_folder.privacy import read_privacy
from agent.practice_folder.starter import demo_folder, starter

__all__ = ["FaqEntry", "demo_folder", "read_escalation", "read_faq", "read_practice", "read_privacy", "starter"]
