"""No id that was shown is given to another row, once its own is deleted: on SQLite, that has to be asked for.

Revision ID: 0043
Revises: 0042
"""

from alembic import op
from sqlalchemy import text

revision = '0043'
down_revision = '0042'

SHOWN = (
    'course_groups',
    'goal_milestones',
    'goals',
    'grade_categories',
    'jobs',
    'kept_reports',
    'legal_holds',
    'mails',
    'notes',
    'parent_codes',
    'report_actions',
    'report_bundles',
    'report_links',
    'submission_files',
    'uploads',
)
"""tables whose rows are deleted, and whose ids stand in addresses, on open pages, in names of files, or in the log"""


def upgrade() -> None:
    """Count on from the largest id that is there."""
    _rebuild(sqlite_autoincrement=True)


def downgrade() -> None:
    """Give the ids of the last rows again once these are deleted."""
    _rebuild()


def _rebuild(**how: bool) -> None:
    """Write the tables anew on SQLite; PostgreSQL gives no id twice."""
    if op.get_bind().dialect.name == 'sqlite':
        for name in SHOWN:
            triggers = _triggers_of(name)  # they go with the old table
            with op.batch_alter_table(name, recreate='always', table_kwargs=how):
                pass
            for statement in triggers:
                op.execute(statement)


def _triggers_of(name: str) -> list[str]:
    found = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name ORDER BY name"
    return list(op.get_bind().execute(text(found), {'name': name}).scalars())
