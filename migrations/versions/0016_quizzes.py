"""Questions in banks, quizzes made of them, and attempts with every answer.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'

OPEN = sa.text("state = 'in_progress'")
ENDING = sa.text("state = 'in_progress' AND ends_at IS NOT NULL")


def upgrade() -> None:
    """No course has a question yet."""
    op.create_table(
        'questions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=24), nullable=False),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('plain', sa.String(length=4000), nullable=False),
        sa.Column('tags', sa.JSON(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_questions_course', 'questions', ['course_id', 'deleted_at'])
    op.create_table(
        'question_versions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('content', sa.String(length=2000000), nullable=False),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.Column('created_by', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('change', _words('change', 'from_now_on', 'regrade', 'accept_both', 'full_credit'), nullable=False),
        sa.Column('keeps_better', sa.Boolean(), nullable=False),
        sa.Column('reason', sa.String(length=280), nullable=False),
        sa.Column('regraded_to', sa.Integer(), nullable=False),
        sa.Column('regraded_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['created_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('question_id', 'number'),
    )
    op.create_table(
        'quizzes',
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('is_published', sa.Boolean(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=True),
        sa.Column('attempts_allowed', sa.Integer(), nullable=True),
        sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('passing_percent', sa.Integer(), nullable=False),
        sa.Column('is_practice', sa.Boolean(), nullable=False),
        sa.Column('asks_confidence', sa.Boolean(), nullable=False),
        sa.Column('one_at_a_time', sa.Boolean(), nullable=False),
        sa.Column('may_go_back', sa.Boolean(), nullable=False),
        sa.Column('shuffles_questions', sa.Boolean(), nullable=False),
        sa.Column('shuffles_options', sa.Boolean(), nullable=False),
        sa.Column(
            'shows_score', _words('reveal', 'after_answer', 'after_submit', 'after_close', 'never'), nullable=False
        ),
        sa.Column(
            'shows_right', _words('reveal', 'after_answer', 'after_submit', 'after_close', 'never'), nullable=False
        ),
        sa.Column(
            'shows_solution', _words('reveal', 'after_answer', 'after_submit', 'after_close', 'never'), nullable=False
        ),
        sa.Column(
            'shows_feedback', _words('reveal', 'after_answer', 'after_submit', 'after_close', 'never'), nullable=False
        ),
        sa.Column('bands', sa.JSON(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('checkpoint_id'),
    )
    op.create_index('ix_quizzes_course_id', 'quizzes', ['course_id'])
    op.create_table(
        'attempts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('state', _words('attemptstate', 'in_progress', 'submitted', 'graded'), nullable=False),
        sa.Column('is_practice', sa.Boolean(), nullable=False),
        sa.Column('mode', _words('mode', 'live', 'self_paced'), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=True),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('graded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('is_out_of_time', sa.Boolean(), nullable=False),
        sa.Column('late_seconds', sa.Integer(), nullable=False),
        sa.Column('possible', sa.Integer(), nullable=False),
        sa.Column('earned', sa.BigInteger(), nullable=False),
        sa.Column('score', sa.Integer(), nullable=True),
        sa.Column('passing_percent', sa.Integer(), nullable=False),
        sa.Column('is_passed', sa.Boolean(), nullable=True),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('interruptions', sa.Integer(), nullable=False),
        sa.Column('times_left', sa.Integer(), nullable=False),
        sa.Column('times_pasted', sa.Integer(), nullable=False),
        sa.Column('device', _words('deviceclass', 'desktop', 'tablet', 'mobile'), nullable=False),
        sa.Column('browser', sa.String(length=80), nullable=False),
        sa.Column('address_hash', sa.String(length=64), nullable=False),
        sa.Column('feedback', sa.String(length=10000), nullable=False),
        sa.Column('feedback_by', sa.Integer(), nullable=True),
        sa.Column('feedback_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['quizzes.checkpoint_id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['feedback_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['session_id'], ['live_sessions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('user_id', 'checkpoint_id', 'number'),
    )
    op.create_index('ix_attempts_checkpoint', 'attempts', ['checkpoint_id', 'user_id'])
    op.create_index('ix_attempts_course_id', 'attempts', ['course_id'])
    op.create_index('ix_attempts_ending', 'attempts', ['ends_at'], sqlite_where=ENDING, postgresql_where=ENDING)
    op.create_index(
        'ix_attempts_open',
        'attempts',
        ['user_id', 'checkpoint_id'],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        'quiz_exceptions',
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('minutes', sa.Integer(), nullable=True),
        sa.Column('attempts_allowed', sa.Integer(), nullable=True),
        sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['quizzes.checkpoint_id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('checkpoint_id', 'user_id'),
    )
    op.create_index('ix_quiz_exceptions_user_id', 'quiz_exceptions', ['user_id'])
    op.create_table(
        'quiz_parts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=True),
        sa.Column('draw_tag', sa.String(length=40), nullable=False),
        sa.Column('draw_count', sa.Integer(), nullable=False),
        sa.Column('points', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['quizzes.checkpoint_id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_quiz_parts_checkpoint_id', 'quiz_parts', ['checkpoint_id'])
    op.create_index('ix_quiz_parts_question_id', 'quiz_parts', ['question_id'])
    op.create_table(
        'attempt_answers',
        sa.Column('attempt_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('points', sa.Integer(), nullable=False),
        sa.Column('shown', sa.JSON(), nullable=False),
        sa.Column('answer', sa.String(length=200000), nullable=True),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changes', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.Column('confidence', sa.Integer(), nullable=True),
        sa.Column('credit', sa.Integer(), nullable=True),
        sa.Column('is_by_hand', sa.Boolean(), nullable=False),
        sa.Column('graded_by', sa.Integer(), nullable=True),
        sa.Column('graded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('remark', sa.String(length=10000), nullable=False),
        sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['graded_by'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('attempt_id', 'position'),
    )
    op.create_index('ix_attempt_answers_question', 'attempt_answers', ['question_id', 'attempt_id'])
    op.create_table(
        'mastery',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('checkpoint_id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('scores', sa.JSON(), nullable=False),
        sa.Column('best_score', sa.Integer(), nullable=False),
        sa.Column('mastered_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id', 'checkpoint_id'),
    )
    op.create_index('ix_mastery_course', 'mastery', ['course_id', 'user_id'])
    op.add_column('courses', sa.Column('mastery_percent', sa.Integer(), server_default='85', nullable=False))


def downgrade() -> None:
    """Take it back, with what the log says of quizzes."""
    op.execute(
        "DELETE FROM activities WHERE verb IN ('quiz_started', 'answered', 'quiz_submitted', 'graded', 'regraded')"
    )
    op.drop_column('courses', 'mastery_percent')
    op.drop_index('ix_mastery_course', table_name='mastery')
    op.drop_table('mastery')
    op.drop_index('ix_attempt_answers_question', table_name='attempt_answers')
    op.drop_table('attempt_answers')
    op.drop_index('ix_quiz_parts_question_id', table_name='quiz_parts')
    op.drop_index('ix_quiz_parts_checkpoint_id', table_name='quiz_parts')
    op.drop_table('quiz_parts')
    op.drop_index('ix_quiz_exceptions_user_id', table_name='quiz_exceptions')
    op.drop_table('quiz_exceptions')
    op.drop_index('ix_attempts_open', table_name='attempts')
    op.drop_index('ix_attempts_ending', table_name='attempts')
    op.drop_index('ix_attempts_course_id', table_name='attempts')
    op.drop_index('ix_attempts_checkpoint', table_name='attempts')
    op.drop_table('attempts')
    op.drop_index('ix_quizzes_course_id', table_name='quizzes')
    op.drop_table('quizzes')
    op.drop_table('question_versions')
    op.drop_index('ix_questions_course', table_name='questions')
    op.drop_table('questions')


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24)
