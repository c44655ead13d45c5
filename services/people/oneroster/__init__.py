"""The people and classes of a whole school, as its administration exports them: OneRoster 1.1 and 1.2, as CSV."""
