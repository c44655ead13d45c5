"""What tests of services can ask for."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def server_log_lines() -> Iterator[list[dict[str, object]]]:
    """What the server log was told during the test."""
    with capture_logs() as lines:
        yield lines  # type: ignore[misc]
