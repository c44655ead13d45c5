"""Figures about learning that follow the log."""
