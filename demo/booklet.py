"""What there is to read in the demo school: a text, and a booklet that is set anew each time, so that no PDF has to be
kept with the code.
"""

from pathlib import Path

import typst

TEXT = Path(__file__).with_suffix('.md').read_text()
"""A text on soil, as Markdown."""


def make_booklet() -> bytes:
    """Return the booklet as PDF, four pages; the same each time."""
    return typst.compile(Path(__file__).with_suffix('.typ'), ignore_system_fonts=True, timestamp=0)
