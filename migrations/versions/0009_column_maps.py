"""Teachers are asked only once what a column of their class lists means.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        'column_maps',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('heading', sa.String(length=80), nullable=False),
        sa.Column('fact', sa.String(length=16), nullable=False),
        sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('user_id', 'heading'),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table('column_maps')
