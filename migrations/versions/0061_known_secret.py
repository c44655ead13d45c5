"""The database knows which secret it belongs to.

Revision ID: 0061
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = '0061'
down_revision = '0056'


def upgrade() -> None:
    """The next start remembers the secret that is there."""
    mark = sa.Column('secret_mark', sa.String(64), server_default='', nullable=False)
    op.add_column('school_settings', mark)


def downgrade() -> None:
    """Another secret is taken in silence again."""
    op.drop_column('school_settings', 'secret_mark')
