"""Which program this is."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """Return the version of this program."""
    project = Path(__file__).parents[2] / 'pyproject.toml'
    return str(tomllib.loads(project.read_text())['project']['version'])
