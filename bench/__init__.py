"""What Waymark costs: repeatable measurements on loopback, never a test that passes or fails on time."""
