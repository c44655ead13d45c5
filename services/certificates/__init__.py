"""Certificates: issued when a course is completed, printed afterwards, and verified by whoever is shown one."""
