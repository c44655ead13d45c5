"""Parents and their children: links, the codes that make them, blocks, looks, and the mail at the end of a week.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'


def upgrade() -> None:
    """Nobody is linked yet."""
    op.create_table(
        'parent_links',
        *_pair(),
        sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('parent_id', 'child_id'),
    )
    op.create_table(
        'parent_codes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('child_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=6), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=True),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['child_id'], ['users.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('code'),
    )
    op.create_table(
        'parent_blocks',
        *_pair(),
        sa.Column('blocked_by', sa.Integer(), nullable=True),
        sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['blocked_by'], ['users.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('parent_id', 'child_id'),
    )
    op.create_table(
        'parent_looks',
        sa.Column('id', sa.Integer(), nullable=False),
        *_pair(),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('parent_id', 'child_id', 'day'),
    )
    op.create_table(
        'parent_summaries',
        sa.Column('parent_id', sa.Integer(), nullable=False),
        sa.Column('is_wanted', sa.Boolean(), nullable=False),
        sa.Column('week', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['parent_id'], ['users.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('parent_id'),
    )
    for table in 'parent_links', 'parent_codes', 'parent_blocks', 'parent_looks':
        op.create_index(f'ix_{table}_child_id', table, ['child_id'])
    op.create_index('ix_parent_looks_last_at', 'parent_looks', ['last_at'])


def downgrade() -> None:
    """Take it back; parents keep their accounts, which then show nothing."""
    for table in 'parent_summaries', 'parent_looks', 'parent_blocks', 'parent_codes', 'parent_links':
        op.drop_table(table)


def _pair() -> tuple[sa.Column[int] | sa.ForeignKeyConstraint, ...]:
    return (
        sa.Column('parent_id', sa.Integer(), nullable=False),
        sa.Column('child_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['parent_id'], ['users.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['child_id'], ['users.id'], ondelete='CASCADE'),
    )
