"""Signing in, joining, and the account page."""
