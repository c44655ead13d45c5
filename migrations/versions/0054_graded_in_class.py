"""Answers in class are graded once their question is over: they count for skills, and beside those of quizzes.

Revision ID: 0054
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = '0054'
down_revision = '0052'

UNGRADED = sa.text('credit IS NULL AND answer IS NOT NULL')


def upgrade() -> None:
    """Answers that are there wait to be graded; the job of the server does it."""
    op.add_column('live_answers', sa.Column('credit', sa.Integer(), nullable=True))
    op.create_index(
        'ix_live_answers_ungraded',
        'live_answers',
        ['live_question_id'],
        sqlite_where=UNGRADED,
        postgresql_where=UNGRADED,
    )


def downgrade() -> None:
    """What the log says of skills stays: it was shown."""
    op.drop_index('ix_live_answers_ungraded', table_name='live_answers')
    op.drop_column('live_answers', 'credit')
