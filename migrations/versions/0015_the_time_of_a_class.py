"""A time that the instructor sets by hand for a class, and what is noted of a learner.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'


def upgrade() -> None:
    """No class has such a time yet, and nothing is noted."""
    op.add_column('live_sessions', sa.Column('timer_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('live_sessions', sa.Column('timer_seconds', sa.Integer(), nullable=True))
    op.add_column('enrollments', sa.Column('note', sa.String(length=500), server_default='', nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column('enrollments', 'note')
    op.drop_column('live_sessions', 'timer_seconds')
    op.drop_column('live_sessions', 'timer_since')
