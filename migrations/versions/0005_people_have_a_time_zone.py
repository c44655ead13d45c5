"""People have a time zone and a language; empty stands for the school's zone and for what the browser asks for.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    """Everybody begins with the zone of the school."""
    op.add_column('users', sa.Column('time_zone', sa.String(length=64), server_default='', nullable=False))
    op.add_column('users', sa.Column('language', sa.String(length=16), server_default='', nullable=False))


def downgrade() -> None:
    """Take it back."""
    op.drop_column('users', 'language')
    op.drop_column('users', 'time_zone')
