"""Predictions, what was said of them, and how they came about; a copy of a course knows what it is a copy of.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'


def upgrade() -> None:
    """Predictions are on until somebody switches them off; which courses are copies, nothing says so far."""
    op.add_column('school_settings', sa.Column('predicts', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('courses', sa.Column('is_predicted', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('courses', sa.Column('copied_from_id', sa.Integer(), nullable=True))
    op.create_table(
        'prediction_models',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('origin', sa.String(length=24), nullable=False),
        sa.Column('learners', sa.Integer(), nullable=False),
        sa.Column('courses', sa.JSON(), nullable=False),
        sa.Column('coefficients', sa.JSON(), nullable=False),
        sa.Column('levels', sa.JSON(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'prediction_runs',
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('model_id', sa.Integer(), nullable=False),
        sa.Column('is_calibrated', sa.Boolean(), nullable=False),
        sa.Column('begins_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('half_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('course_id'),
    )
    op.create_table(
        'predictions',
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('band', _words('riskband', *BANDS), nullable=True),
        sa.Column('silence', sa.String(length=24), nullable=False),
        sa.Column('risk', sa.Float(), nullable=True),
        sa.Column('reasons', sa.JSON(), nullable=False),
        sa.Column('steps', sa.JSON(), nullable=False),
        sa.Column('earliest', sa.Date(), nullable=True),
        sa.Column('latest', sa.Date(), nullable=True),
        sa.Column('next_id', sa.Integer(), nullable=True),
        sa.Column('next_on', sa.Date(), nullable=True),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('course_id', 'user_id'),
    )
    op.create_index('ix_predictions_user_id', 'predictions', ['user_id'])
    op.create_table(
        'band_changes',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('band', _words('riskband', *BANDS), nullable=True),
        sa.Column('model_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_band_changes_course', 'band_changes', ['course_id', 'user_id', 'id'])
    op.create_index('ix_band_changes_user_id', 'band_changes', ['user_id'])
    op.create_table(
        'risk_answers',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('course_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('kind', _words('riskremark', 'contested', 'dismissed'), nullable=False),
        sa.Column('band', _words('riskband', *BANDS), nullable=False),
        sa.Column('reason', sa.String(length=280), nullable=False),
        sa.Column('said_by', sa.Integer(), nullable=False),
        sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.ForeignKeyConstraint(['said_by'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_risk_answers_course', 'risk_answers', ['course_id', 'user_id'])
    op.create_index('ix_risk_answers_user_id', 'risk_answers', ['user_id'])
    op.create_table(
        'prediction_refusals',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], ondelete='RESTRICT'),
        sa.PrimaryKeyConstraint('user_id'),
    )


def downgrade() -> None:
    """Take it back, with what the log says of predictions."""
    op.execute("DELETE FROM daily_totals WHERE verb IN ('risk_contested', 'risk_dismissed')")
    op.execute("DELETE FROM activities WHERE verb IN ('risk_contested', 'risk_dismissed')")
    op.drop_table('prediction_refusals')
    op.drop_index('ix_risk_answers_user_id', table_name='risk_answers')
    op.drop_index('ix_risk_answers_course', table_name='risk_answers')
    op.drop_table('risk_answers')
    op.drop_index('ix_band_changes_user_id', table_name='band_changes')
    op.drop_index('ix_band_changes_course', table_name='band_changes')
    op.drop_table('band_changes')
    op.drop_index('ix_predictions_user_id', table_name='predictions')
    op.drop_table('predictions')
    op.drop_table('prediction_runs')
    op.drop_table('prediction_models')
    op.drop_column('courses', 'copied_from_id')
    op.drop_column('courses', 'is_predicted')
    op.drop_column('school_settings', 'predicts')


BANDS = 'high', 'medium', 'low'


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24)
