"""What the record says, on screen: dashboards of learners, of those who teach, and of the admin."""
