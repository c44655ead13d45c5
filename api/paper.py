"""Documents for paper: made when they are asked for, in the language of the person who asks."""

from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response

from services.access import Actor
from services.core import school

PDF: dict[int | str, dict[str, Any]] = {
    200: {
        'description': 'The document.',
        'content': {'application/pdf': {'schema': {'type': 'string', 'format': 'binary'}}},
    }
}

Size = Annotated[Literal['a4', 'letter'], Query(description='the size of the paper')]
PosterSize = Annotated[Literal['a4', 'letter', 'a3'], Query(description='the size of the paper')]


class Document(Response):
    """A document that is made for this request."""

    media_type = 'application/pdf'


def document(pdf: bytes, *, name: str) -> Document:
    """Return a document as the answer."""
    return Document(pdf, headers={'content-disposition': f'inline; filename="{name}.pdf"'})


def language_of(actor: Actor) -> str:
    """Return the language of a document: that of the person, or else that of the school."""
    return actor.language or school.current().language
