"""The staff console: sign-in, the queue, the switches. Clear text."""
