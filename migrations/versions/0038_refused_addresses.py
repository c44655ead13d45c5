"""Addresses to which mails do not come through.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = '0038'
down_revision = '0037'

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing is known against any address to begin with."""
    op.create_table(
        'refused_addresses',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('address', sa.String(length=254), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('failed_at', MOMENT, nullable=False),
        sa.Column('off_at', MOMENT, nullable=True),
        sa.Column('noticed_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id'),
    )
    op.create_index(op.f('ix_refused_addresses_off_at'), 'refused_addresses', ['off_at'])


def downgrade() -> None:
    """Take it back, with the notices of it."""
    op.execute("DELETE FROM notices WHERE kind = 'address_refused'")
    op.execute("DELETE FROM notice_choices WHERE kind = 'address_refused'")
    op.drop_table('refused_addresses')
