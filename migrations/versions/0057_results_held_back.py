"""Attempts whose score their quiz keeps back from the learner for now, and that the log says when it is open.

Revision ID: 0057
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = '0057'
down_revision = '0056'


def upgrade() -> None:
    """What was graded before has earned what it earns; nothing of it is held."""
    op.add_column('attempts', sa.Column('is_held', sa.Boolean(), server_default=sa.false(), nullable=False))
    held = sa.text('is_held')
    op.create_index('ix_attempts_held', 'attempts', ['id'], sqlite_where=held, postgresql_where=held)


def downgrade() -> None:
    """Take it back, and what the log says of it."""
    op.execute("DELETE FROM daily_totals WHERE verb = 'result_opened'")
    op.execute("DELETE FROM activities WHERE verb = 'result_opened'")
    op.drop_index('ix_attempts_held', 'attempts')
    op.drop_column('attempts', 'is_held')
