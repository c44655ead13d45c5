"""One table of what is to be done later or again and again.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; every process adds the jobs that repeat when it starts."""
    op.create_table(
        'jobs',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('due_at', MOMENT, nullable=False),
        sa.Column('lease_until', MOMENT, nullable=True),
        sa.Column('holder', sa.String(length=32), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('done_at', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('kind', 'key'),
    )
    op.create_index('ix_jobs_due_at', 'jobs', ['due_at'])


def downgrade() -> None:
    """Take it back."""
    op.drop_table('jobs')
