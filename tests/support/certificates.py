"""What tests of certificates share: reading the table, and a typesetter that fails when told to."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Certificate
from services.access import Actor
from services.certificates import pdf
from services.certificates.pdf import Sheet
from services.core import database
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.core.typesetting import NotPrinted


async def certificates_of(*people: Actor) -> list[Certificate]:
    """Everything that was ever issued to people, the oldest first."""

    def query(tx: Transaction) -> list[Certificate]:
        theirs = col(Certificate.user_id).in_([person.user_id for person in people])
        return list(tx.session.scalars(select(Certificate).where(theirs).order_by(col(Certificate.id))))

    return await database.read(query)


async def the_certificate_of(person: Actor) -> Certificate:
    (found,) = await certificates_of(person)
    return found


def a_typesetter(monkeypatch: pytest.MonkeyPatch, *, fails: int, reason: str = 'No ink.') -> list[Sheet]:
    """Put a typesetter in place that fails so many times before it works; returns what it was given."""
    given: list[Sheet] = []

    async def make_pdf(sheet: Sheet) -> bytes:
        given.append(sheet)
        if len(given) <= fails:
            raise NotPrinted(phrase(reason))
        return b'%PDF-1.7'

    monkeypatch.setattr(pdf, 'make_pdf', make_pdf)
    return given
