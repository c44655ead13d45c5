"""The board: the grid of a class in memory, and what each screen shows of it."""
