"""Certificates: issued when a course is completed, printed afterwards, and verified by anybody who is shown one."""
