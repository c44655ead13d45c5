"""What calendars of people have said of each deadline.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'


def upgrade() -> None:
    """Nobody has a calendar yet."""
    op.create_table(
        'calendar_entries',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('said', sa.String(length=64), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', 'checkpoint_id'),
    )


def downgrade() -> None:
    """Take it back; every entry begins with its first number again."""
    op.drop_table('calendar_entries')
