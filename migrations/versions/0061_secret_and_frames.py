"""The database knows which secret it belongs to, and launches know the frame that they began in.

Revision ID: 0061
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = '0061'
down_revision = '0058'


def upgrade() -> None:
    """The next start remembers the secret that is there."""
    mark = sa.Column('secret_mark', sa.String(64), server_default='', nullable=False)
    op.add_column('school_settings', mark)
    for name in 'frame_hash', 'place_key':
        op.add_column('lti_logins', sa.Column(name, sa.String(64), nullable=True))
    op.create_index('ix_lti_logins_frame_hash', 'lti_logins', ['frame_hash'])


def downgrade() -> None:
    """Another secret is taken in silence again."""
    op.drop_index('ix_lti_logins_frame_hash', 'lti_logins')
    for name in 'place_key', 'frame_hash':
        op.drop_column('lti_logins', name)
    op.drop_column('school_settings', 'secret_mark')
