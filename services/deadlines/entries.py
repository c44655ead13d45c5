"""Entries of a calendar: each deadline with the number of its changes, as calendars need it to take over a new date."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from models import CalendarEntry, table
from services.core.transaction import Transaction
from services.deadlines.dates import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deadline, as a calendar shows it."""

    user_id: int
    deadline: Deadline
    number: int
    """how often it has changed since the calendar first said it"""
    changed_at: datetime


def compared(
    tx: Transaction, user_id: int, deadlines: Sequence[Deadline]
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Return the entries of a calendar, and those of them that are new or say something else than the last time."""
    theirs = select(CalendarEntry).where(col(CalendarEntry.user_id) == user_id)
    before = {row.checkpoint_id: row for row in tx.session.scalars(theirs)}
    found, changed = [], []
    for deadline in deadlines:
        row = before.get(deadline.checkpoint_id)
        if row is not None and row.said == _said(deadline):
            entry = Entry(user_id=user_id, deadline=deadline, number=row.number, changed_at=row.changed_at)
        else:
            number = row.number + 1 if row else 0
            entry = Entry(user_id=user_id, deadline=deadline, number=number, changed_at=tx.now)
            changed.append(entry)
        found.append(entry)
    return tuple(found), tuple(changed)


def keep(tx: Transaction, user_id: int, changed: Sequence[Entry]) -> None:
    """Remember what the calendar says now."""
    if not changed:
        return
    dialect = sqlite if tx.connection.dialect.name == 'sqlite' else postgresql
    insert = dialect.insert(table(CalendarEntry))
    renewed = {name: insert.excluded[name] for name in ('said', 'number', 'changed_at')}
    rows = [
        {
            'user_id': user_id,
            'checkpoint_id': each.deadline.checkpoint_id,
            'said': _said(each.deadline),
            'number': each.number,
            'changed_at': each.changed_at,
        }
        for each in changed
    ]
    tx.execute(insert.on_conflict_do_update(index_elements=['user_id', 'checkpoint_id'], set_=renewed), rows)


def _said(deadline: Deadline) -> str:
    said = [deadline.title, deadline.course, deadline.due_at.isoformat(), deadline.is_done]
    said += ['before'] if deadline.was_before else []  # the others say what they have always said
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
