"""Videos at an address elsewhere: a step can name one.

Revision ID: 0052
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0050'


def upgrade() -> None:
    """Steps that are there name none."""
    op.add_column('checkpoints', sa.Column('link', sa.String(length=2000), server_default='', nullable=False))


def downgrade() -> None:
    """The addresses are lost."""
    op.drop_column('checkpoints', 'link')
