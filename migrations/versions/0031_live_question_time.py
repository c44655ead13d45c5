"""Until when a question in class takes answers, and whether the room sees them meanwhile.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'


def upgrade() -> None:
    """Questions that were asked before had no countdown, and were hidden while they were open."""
    with op.batch_alter_table('live_questions') as table:
        table.add_column(sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('shows_live', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('live_questions') as table:
        table.drop_column('shows_live')
        table.drop_column('closes_at')
