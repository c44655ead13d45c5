"""A school has a name, a zone and a language of its own, and accounts can be switched off.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nothing is chosen yet, and nobody is switched off."""
    op.create_table(
        'school_settings',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('time_zone', sa.String(length=64), nullable=False),
        sa.Column('language', sa.String(length=16), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.add_column('users', sa.Column('disabled_at', MOMENT, nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column('users', 'disabled_at')
    op.drop_table('school_settings')
