"""What `python main.py` does: it serves, or does one of the commands beside that."""

import os
import signal
import sys

from commands import line, priority
from services.core import one_process
from settings import SettingsError


def main() -> None:
    """Do what the command line says: `--help` prints what there is."""
    asked = line.parser().parse_args()
    if asked.command in {None, 'serve'}:
        import serving  # all of Waymark, for which a command has no time

        serving.serve(serving.welcome)
        return
    os.umask(one_process.PRIVATE)
    if asked.command in line.BESIDE_CLASSES:
        priority.let_taps_go_first()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    try:
        sys.exit(line.run(asked))
    except SettingsError as error:
        sys.exit(str(error))


def _end(number: int, _: object) -> None:
    """End a command in order: what it has begun it takes back, and a killed back-up would leave a copy of all."""
    sys.exit(128 + number)


if __name__ == '__main__':
    main()
