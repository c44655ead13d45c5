"""Modules are described: what a learner reads before the steps of one.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'


def upgrade() -> None:
    """Modules that are there have no description yet."""
    op.add_column('modules', sa.Column('description', sa.String(length=10_000), server_default='', nullable=False))


def downgrade() -> None:
    """Descriptions are lost."""
    op.drop_column('modules', 'description')
