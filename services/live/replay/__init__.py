"""Classes that are over: their history, and the grid at any moment of it."""
