"""Stores of statements, and the scores that wait until they may be sent there.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0039'

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing was sent to anybody so far."""
    op.create_table(
        'record_stores',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('address', sa.String(length=500), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('refused', sa.Integer(), nullable=False),
        sa.Column('wait_until', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('address'),
    )
    op.create_table(
        'held_statements',
        sa.Column('store_id', sa.Integer(), nullable=False),
        sa.Column('activity_id', sa.Integer(), nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['store_id'], ['record_stores.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('store_id', 'activity_id'),
    )
    op.create_index(op.f('ix_held_statements_due_at'), 'held_statements', ['due_at'])


def downgrade() -> None:
    """Take it back; a store that is named again is sent everything anew, and knows what it has."""
    op.drop_table('held_statements')
    op.drop_table('record_stores')
