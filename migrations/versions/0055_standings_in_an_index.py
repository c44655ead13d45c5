"""How a class stands is in an index: a dashboard does not look for each row of the progress in a large table.

Revision ID: 0055
Revises: 0054
"""

from alembic import op

revision = '0055'
down_revision = '0054'

COLUMNS = ['course_id', 'user_id', 'completed_at', 'checkpoint_id']


def upgrade() -> None:
    """Put the mode and the time into the index as well."""
    op.drop_index('ix_progress_course', 'progress')
    op.create_index('ix_progress_course', 'progress', [*COLUMNS, 'mode', 'duration_seconds'])


def downgrade() -> None:
    """Take them out again."""
    op.drop_index('ix_progress_course', 'progress')
    op.create_index('ix_progress_course', 'progress', COLUMNS)
