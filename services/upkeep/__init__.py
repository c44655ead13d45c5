"""What the operator does beside Waymark: back-ups that restore, and looking whether all is in order."""
