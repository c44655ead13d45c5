"""Old activities in files by month, and where each person's are.

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = '0048'
down_revision = '0047'


def upgrade() -> None:
    """Nothing is archived so far."""
    op.create_table(
        'archived_months',
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('last_id', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('archived_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('month'),
    )
    op.create_table(
        'archived_parts',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('month', sa.Date(), nullable=False),
        sa.Column('place', sa.BigInteger(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('gone', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'month'),
    )
    op.create_index('ix_archived_parts_month', 'archived_parts', ['month', 'place'])


def downgrade() -> None:
    """Forget where the archive is: bring it back into the log before (`python main.py unarchive`)."""
    if op.get_bind().execute(sa.text('SELECT count(*) FROM archived_parts WHERE gone > 0')).scalar():
        raise RuntimeError('Activities are archived. Bring them back first: python main.py unarchive')
    op.drop_table('archived_parts')
    op.drop_table('archived_months')
