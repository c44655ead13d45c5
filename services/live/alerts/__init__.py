"""Alerts: which learners of a running class need a look, and why."""
