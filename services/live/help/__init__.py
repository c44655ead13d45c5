"""Requests for help: asking, helping, and their projection."""
