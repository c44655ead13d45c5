"""Questions in class, and what learners answered to them.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'

_SHOWN = sa.text('put_away_at IS NULL')


def upgrade() -> None:
    """Nothing has been asked in class yet."""
    op.create_table(
        'live_questions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('shown', sa.JSON(), nullable=False),
        sa.Column(
            'state',
            sa.Enum(
                'open', 'closed', 'distribution', 'solution', name='livequestionstate', native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column('asked_by', sa.Integer(), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('put_away_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['session_id'], ['live_sessions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['asked_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('session_id', 'number'),
    )
    op.create_index('ix_live_questions_course_id', 'live_questions', ['course_id'])
    op.create_index('ix_live_questions_question_id', 'live_questions', ['question_id'])
    op.create_index(
        'ux_live_questions_shown',
        'live_questions',
        ['session_id'],
        unique=True,
        sqlite_where=_SHOWN,
        postgresql_where=_SHOWN,
    )
    op.create_table(
        'live_answers',
        sa.Column('live_question_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('answer', sa.String(length=4000), nullable=True),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changes', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['live_question_id'], ['live_questions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('live_question_id', 'user_id'),
    )
    op.create_index('ix_live_answers_user_id', 'live_answers', ['user_id'])


def downgrade() -> None:
    """Take it back, with what the log says of answers in class."""
    op.execute("DELETE FROM daily_totals WHERE verb = 'answered_in_class'")
    op.execute("DELETE FROM activities WHERE verb = 'answered_in_class'")
    op.drop_index('ix_live_answers_user_id', table_name='live_answers')
    op.drop_table('live_answers')
    op.drop_index('ux_live_questions_shown', table_name='live_questions')
    op.drop_index('ix_live_questions_question_id', table_name='live_questions')
    op.drop_index('ix_live_questions_course_id', table_name='live_questions')
    op.drop_table('live_questions')
