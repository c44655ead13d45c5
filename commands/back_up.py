"""`backup`. It imports nothing but what a back-up needs, because a class may be on.

Importing all of Waymark is more work than the back-up of a year.
"""

from commands.asking import Namespace, bar
from services.core import clock, kept_backups
from services.upkeep import backing_up
from settings import Settings


def back_up(asked: Namespace, config: Settings) -> int:
    """Save everything to one file."""
    target = asked.file or kept_backups.place(config.data_dir, clock.now())
    with bar() as say:
        manifest = backing_up.make(config.database_url, config.data_dir, target, say=say)
    print(f'{target}: {manifest.bytes / 1e6:,.1f} MB in {len(manifest.files):,} files. Keep a copy on another machine.')
    if 'secret_key' not in manifest.files:
        print('Keep SECRET_KEY beside it: it is one of your settings, and not in this file.')
    return 0
