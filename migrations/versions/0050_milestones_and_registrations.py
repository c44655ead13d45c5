"""Learning management systems get completed modules and courses as columns of their own, and register themselves.

Revision ID: 0050
Revises: 0047
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0049'

MOMENT = sa.DateTime(timezone=True)
NAMES = {'uq': 'uq_%(table_name)s'}


def upgrade() -> None:
    """No course sends milestones yet, and no system has registered itself."""
    off = sa.Column('sends_milestones', sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column('lti_links', off)
    op.create_table(
        'lti_milestones',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('link_id', sa.Integer(), nullable=False),
        sa.Column('module_id', sa.Integer(), nullable=True),
        sa.Column('line_item', sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(['link_id'], ['lti_links.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['module_id'], ['modules.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('link_id', 'module_id'),
    )
    op.create_index(op.f('ix_lti_milestones_module_id'), 'lti_milestones', ['module_id'])
    with op.batch_alter_table('lti_scores', recreate=_recreate(), naming_convention=NAMES) as scores:
        scores.add_column(sa.Column('milestone_id', sa.Integer(), nullable=True))
        scores.create_foreign_key(
            'fk_lti_scores_milestone', 'lti_milestones', ['milestone_id'], ['id'], ondelete='CASCADE'
        )
        scores.drop_constraint(_unique(), type_='unique')
    for name, column, which in (('', 'link_id', 'IS NULL'), ('_milestone', 'milestone_id', 'IS NOT NULL')):
        where = sa.text(f'milestone_id {which}')
        op.create_index(
            f'ux_lti_scores{name}',
            'lti_scores',
            [column, 'user_id'],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_table(
        'lti_registrations',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(length=64), nullable=False),
        sa.Column('address', sa.String(length=1000), nullable=False),
        sa.Column('made_by', sa.Integer(), nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('expires_at', MOMENT, nullable=False),
        sa.Column('used_at', MOMENT, nullable=True),
        sa.Column('problem', sa.String(length=280), nullable=False),
        sa.Column('found', sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(['made_by'], ['users.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash'),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f('ix_lti_registrations_made_by'), 'lti_registrations', ['made_by'])


def downgrade() -> None:
    """Take it back; the columns stay in the gradebooks."""
    op.drop_table('lti_registrations')
    op.execute('DELETE FROM lti_scores WHERE milestone_id IS NOT NULL')
    for name in ('ux_lti_scores_milestone', 'ux_lti_scores'):
        op.drop_index(name, 'lti_scores')
    with op.batch_alter_table('lti_scores', recreate=_recreate()) as scores:
        scores.drop_constraint('fk_lti_scores_milestone', type_='foreignkey')
        scores.drop_column('milestone_id')
        scores.create_unique_constraint(_unique(), ['link_id', 'user_id'])
    op.drop_table('lti_milestones')
    op.drop_column('lti_links', 'sends_milestones')


def _unique() -> str:
    """Return what the constraint is called: on SQLite it had no name, and PostgreSQL has made one."""
    return 'uq_lti_scores' if op.get_bind().dialect.name == 'sqlite' else 'lti_scores_link_id_user_id_key'


def _recreate() -> Literal['always', 'never']:
    """SQLite cannot change what refers to another table: there the table is made anew."""
    return 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
