"""What people see who come from a learning management system, and what their school sets up for that."""
