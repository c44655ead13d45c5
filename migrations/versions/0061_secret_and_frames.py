"""The database knows its secret, launches know the frame that they began in, and platforms whom a token is for.

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
    audience = sa.Column('token_audience', sa.String(1000), server_default='', nullable=False)
    op.add_column('lti_platforms', audience)
    for name in 'frame_hash', 'place_key':
        op.add_column('lti_logins', sa.Column(name, sa.String(64), nullable=True))
    op.create_index('ix_lti_logins_frame_hash', 'lti_logins', ['frame_hash'])


def downgrade() -> None:
    """Another secret is taken in silence again."""
    op.drop_index('ix_lti_logins_frame_hash', 'lti_logins')
    for name in 'place_key', 'frame_hash':
        op.drop_column('lti_logins', name)
    op.drop_column('lti_platforms', 'token_audience')
    op.drop_column('school_settings', 'secret_mark')
