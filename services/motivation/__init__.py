"""Motivation: the points that learners earn, and the levels that they reach with them."""
