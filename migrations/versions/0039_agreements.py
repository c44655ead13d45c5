"""Who agreed that a learner registers.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'


def upgrade() -> None:
    """Nobody has been asked so far."""
    op.add_column('users', sa.Column('agreement', sa.String(length=24), nullable=True))
    op.add_column('users', sa.Column('agreement_age', sa.Integer(), nullable=True))
    op.add_column('users', sa.Column('agreement_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget it."""
    for name in ('agreement_at', 'agreement_age', 'agreement'):
        op.drop_column('users', name)
