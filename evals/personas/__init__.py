"""Sixty personas: who x which visit x with whom x when x how they behave, in words drawn by seed."""
