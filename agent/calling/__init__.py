"""Phones a running Careline as a caller would, over the protocol of Media Streams."""
