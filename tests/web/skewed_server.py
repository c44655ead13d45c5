"""The server on a machine whose clock is wrong by the seconds of `SKEW`."""

import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from services.core import clock

if __name__ == '__main__':
    right, wrong_by = clock.now, timedelta(seconds=float(os.environ.pop('SKEW')))
    clock.now = lambda: right() + wrong_by

    import serving
    from tests.web import unhurried_server  # noqa: F401 - it takes all the time that it needs for ending

    serving.serve(serving.welcome)
