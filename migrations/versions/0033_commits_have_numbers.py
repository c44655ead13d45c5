"""The number of the last commit that had something to tell, for several processes that show one class.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'


def upgrade() -> None:
    """It begins at 0; nobody is connected while the tables change."""
    numbers = op.create_table(
        'commit_numbers',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('number', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.bulk_insert(numbers, [{'id': 1, 'number': 0}])


def downgrade() -> None:
    """Take it back; a single process needs none."""
    op.drop_table('commit_numbers')
