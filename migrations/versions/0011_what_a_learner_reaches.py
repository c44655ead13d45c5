"""What a learner reaches: checkpoints counted once in the daily totals; modules that are complete.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    """Add what is counted; the daily totals are made anew from the log."""
    _count_completions_once()
    _complete_modules()


def downgrade() -> None:
    """Take it back; the log has everything."""
    op.drop_column('modules', 'is_changed')
    op.drop_table('module_completions')
    op.drop_table('counted_completions')
    op.drop_column('daily_totals', 'completed')
    _count_anew()


def _count_completions_once() -> None:
    op.create_table(
        'counted_completions',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('modes', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'checkpoint_id'),
    )
    op.add_column('daily_totals', sa.Column('completed', sa.Integer(), server_default='0', nullable=False))
    _count_anew()


def _count_anew() -> None:
    followers = sa.table('followers', sa.column('name', sa.String), sa.column('is_clearing', sa.Boolean))
    op.execute(followers.update().where(followers.c.name == 'daily totals').values(is_clearing=True))


def _complete_modules() -> None:
    """Followers complete the modules that learners have completed before."""
    op.create_table(
        'module_completions',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('module_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('completed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['module_id'], ['modules.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'module_id'),
    )
    op.create_index('ix_module_completions_course', 'module_completions', ['course_id', 'user_id'])
    op.add_column('modules', sa.Column('is_changed', sa.Boolean(), server_default=sa.false(), nullable=False))
