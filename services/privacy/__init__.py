"""What Waymark keeps of people."""
