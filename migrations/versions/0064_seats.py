"""Learners have a seat in the room of their course.

Revision ID: 0064
Revises: 0063
"""

import sqlalchemy as sa
from alembic import op

revision = '0064'
down_revision = '0063'


def upgrade() -> None:
    """Nobody has a seat yet."""
    op.add_column('enrollments', sa.Column('seat', sa.String(4), server_default='', nullable=False))


def downgrade() -> None:
    """The seating plans are gone."""
    op.drop_column('enrollments', 'seat')
