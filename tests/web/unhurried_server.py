"""The server, which takes all the time that it needs for ending: on a busy machine, seconds say nothing."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import serving
from services.core import watchdog
from web import draining

watchdog.GRACE = 300.0
draining.LONGEST = 60.0

if __name__ == '__main__':
    serving.serve(serving.welcome)
