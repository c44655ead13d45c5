"""What a page has sent for a grid."""

import json
from collections.abc import Mapping
from typing import Any


def lines_of(options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the lines of a grid, as the browser reads them from its options."""
    lines: list[dict[str, Any]] = json.loads(options[':rowData'])
    return lines
