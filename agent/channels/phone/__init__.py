"""Calls: webhooks, the media socket, the voice pipeline. Clear text; audio is never kept."""
