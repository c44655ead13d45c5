"""Learning management systems (LTI 1.3): people who come from there, and grades and class lists between the two."""
