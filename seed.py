"""Starts the demo school in a database of its own."""

import os

import main
from demo import school

if __name__ == '__main__':
    os.environ['DATA_DIR'] = str(school.FOLDER)
    os.environ['DATABASE_URL'] = ''
    main.serve(school.open_school)
