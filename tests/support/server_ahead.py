"""The server, on a clock that is ahead by as many minutes as a file says: a class of ninety takes half a minute."""

from datetime import datetime, timedelta
from pathlib import Path

import main
from services.core import clock

AHEAD = Path('ahead')
"""in the folder in which the server runs"""


def put_forward(folder: Path, minutes: int) -> None:
    """Let the clock of the server that runs in a folder be so far ahead from now on."""
    (folder / 'next').write_text(str(minutes))
    (folder / 'next').replace(folder / AHEAD)


_present = clock.now


def _now() -> datetime:
    return _present() + timedelta(minutes=int(AHEAD.read_text()))


if __name__ == '__main__':
    clock.now = _now
    main.main()
