"""A time that the instructor sets by hand, for a step or for a class at its own pace.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    """No class has such a time yet."""
    op.add_column('live_sessions', sa.Column('timer_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('live_sessions', sa.Column('timer_seconds', sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column('live_sessions', 'timer_seconds')
    op.drop_column('live_sessions', 'timer_since')
