"""Mails of the school: the server that sends them, those that wait, and how one is sent."""
