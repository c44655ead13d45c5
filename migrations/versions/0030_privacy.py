"""People can be erased, unless a law asks for their data until a day, and see who looked at their data.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'


def upgrade() -> None:
    """Nobody is erased yet."""
    op.add_column('users', sa.Column('erasure_asked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('users', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'legal_holds',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=280), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('set_by', sa.Integer(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['set_by'], ['users.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_legal_holds_user_id', 'legal_holds', ['user_id'])
    op.create_table(
        'looks',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('about_id', sa.Integer(), nullable=True),
        sa.Column('course_id', sa.Integer(), nullable=True),
        sa.Column('page', sa.String(length=40), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('before', sa.String(length=64), nullable=False),
        sa.Column('link', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['about_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sqlite_autoincrement=True,
    )
    for column in 'about_id', 'at', 'course_id':
        op.create_index(f'ix_looks_{column}', 'looks', [column])


def downgrade() -> None:
    """Take it back; who was erased stays so."""
    op.drop_table('looks')
    op.drop_table('legal_holds')
    op.drop_column('users', 'erased_at')
    op.drop_column('users', 'erasure_asked_at')
