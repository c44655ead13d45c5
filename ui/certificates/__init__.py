"""Certificates on screen."""
