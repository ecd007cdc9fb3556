"""The web chat: HTTP, WebSocket and the page patients see. Clear text."""
