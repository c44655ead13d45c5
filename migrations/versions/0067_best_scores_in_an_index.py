"""The best scores of a course are in an index: a gradebook does not look for each of its cells in the table.

Revision ID: 0067
Revises: 0064
"""

from alembic import op

revision = '0067'
down_revision = '0064'

LEARNERS = ['course_id', 'user_id']


def upgrade() -> None:
    """Put the checkpoint and its best score into the index as well."""
    op.drop_index('ix_mastery_course', 'mastery')
    op.create_index('ix_mastery_course', 'mastery', [*LEARNERS, 'checkpoint_id', 'best_score'])


def downgrade() -> None:
    """Take them out again."""
    op.drop_index('ix_mastery_course', 'mastery')
    op.create_index('ix_mastery_course', 'mastery', LEARNERS)
