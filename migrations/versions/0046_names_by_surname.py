"""Whether lists of people begin sorted by surname, as the school chooses.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = '0046'
down_revision = '0045'


def upgrade() -> None:
    """Lists were sorted by the name as a whole so far."""
    column = sa.Column('by_surname', sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column('school_settings', column)


def downgrade() -> None:
    """Take it back."""
    op.drop_column('school_settings', 'by_surname')
