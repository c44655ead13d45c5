"""Followers of the log, and the daily totals that the first of them keeps; they are made from the log afterwards.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'


def upgrade() -> None:
    """Followers begin at the beginning of the log."""
    op.create_table(
        'followers',
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('is_clearing', sa.Boolean(), nullable=False),
        sa.Column('leased_by', sa.String(length=64), nullable=False),
        sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('problem', sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )
    op.create_table(
        'daily_totals',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('local_date', sa.Date(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('verb', sa.String(length=24), nullable=False),
        sa.Column('part', sa.String(length=24), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('sessions', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'local_date', 'course_id', 'verb', 'part'),
    )


def downgrade() -> None:
    """Take it back; the log has everything."""
    op.drop_table('daily_totals')
    op.drop_table('followers')
