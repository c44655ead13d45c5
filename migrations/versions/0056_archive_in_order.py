"""What is archived leaves the log in the order of ids: a month says up to which one, and no part does.

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = '0056'
down_revision = '0055'

_GONE = '(SELECT coalesce(sum(gone), 0) FROM archived_parts WHERE archived_parts.month = archived_months.month)'


def upgrade() -> None:
    """Months that have left the log as a whole stay as they are."""
    _refuse_half(_GONE)
    for name in 'gone', 'gone_until':
        op.add_column('archived_months', sa.Column(name, sa.Integer(), server_default='0', nullable=False))
    op.execute(f'UPDATE archived_months SET gone = {_GONE}')  # noqa: S608 - there is nothing from outside in it
    op.execute('UPDATE archived_months SET gone_until = last_id WHERE gone > 0')
    op.drop_column('archived_parts', 'gone')
    op.create_index('ix_held_statements_activity', 'held_statements', ['activity_id'])


def downgrade() -> None:
    """Each part says again how much of it is gone."""
    _refuse_half('gone')
    op.drop_index('ix_held_statements_activity', 'held_statements')
    op.add_column('archived_parts', sa.Column('gone', sa.Integer(), server_default='0', nullable=False))
    whole = 'SELECT month FROM archived_months WHERE gone > 0'
    op.execute(f'UPDATE archived_parts SET gone = rows WHERE month IN ({whole})')  # noqa: S608 - as above
    for name in 'gone_until', 'gone':
        op.drop_column('archived_months', name)


def _refuse_half(gone: str) -> None:
    half = f'SELECT count(*) FROM archived_months WHERE {gone} NOT IN (0, archived_months.rows)'  # noqa: S608 - as above
    if op.get_bind().execute(sa.text(half)).scalar():
        raise RuntimeError('A month is only half archived. Let the version before this change finish it first.')
