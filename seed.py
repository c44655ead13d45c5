"""Starts the demo school in a database of its own; `DEMO_LEARNERS=5` lets so many live through its term, not thirty."""

import os
import sys
from pathlib import Path

import serving
from demo import school

if __name__ == '__main__':
    os.environ['DATA_DIR'] = str(Path(os.environ.get('DATA_DIR') or 'data') / 'demo')
    os.environ['DATABASE_URL'] = ''
    os.environ.setdefault('SCHOOL_NAME', 'Hillside School')
    os.environ.setdefault('WELCOME_TEXT', school.WELCOME)
    if sys.stdout.isatty():  # a person reads the sign-ins, which hundreds of lines would push away
        os.environ.setdefault('LOG_LEVEL', 'WARNING')
        print('Opening the demo school; the first time this takes about half a minute …', flush=True)
    serving.serve(school.open_school)
