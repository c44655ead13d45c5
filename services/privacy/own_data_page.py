"""The page that people read of what they take along: HTML that needs nothing beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from html import escape

from models.personal import Declaration, Export
from services.core import school
from services.core.phrases import Phrase, phrase, plural

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1b1b }
h2 { margin-top: 2.5rem } p { max-width: 44rem } .wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 0.9rem } caption { text-align: start }
th, td { border: 1px solid #ccc; padding: 0.25rem 0.5rem; text-align: start; vertical-align: top }
td { max-width: 24rem; overflow-wrap: anywhere; white-space: pre-wrap }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } th, td { border-color: #555 } }
"""
LONGEST = 2_000
"""characters of one value on the page; all of it is in the JSON file"""

Speak = Callable[[Phrase], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one table has of a person: how many rows, and the last of them."""

    declared: Declaration
    number: int
    rows: Sequence[Mapping[str, object]]


def speak(language: NullTranslations, said: Phrase) -> str:
    """Return a phrase in a language, as HTML takes it."""
    return escape(said.spoken(language))


def html(
    *,
    name: str,
    made_at: datetime,
    parts: Sequence[Part],
    named_in: Mapping[str, int],
    speak: Speak,
    keeps_back: bool = False,
) -> str:
    """Return the page; `keeps_back` says whether there are results that are not in it yet."""
    said = ''.join(_lines(name, made_at, parts, named_in, speak, keeps_back))
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
    title = speak(phrase('What is kept of {person}', person=name))
    return f'<!doctype html><html><head>{head}<title>{title}</title></head><body>{said}</body></html>\n'


def _lines(
    name: str, made_at: datetime, parts: Sequence[Part], named_in: Mapping[str, int], speak: Speak, keeps_back: bool
) -> Iterator[str]:
    yield f'<h1>{speak(phrase("What is kept of {person}", person=name))}</h1>'
    made = phrase(
        '{school} made this on {when}. The folder “data” has the same for programs, the folder “files” your files.',
        school=school.current().name,
        when=f'{made_at:%Y-%m-%d %H:%M} UTC',
    )
    yield f'<p>{speak(made)}</p>'
    if keeps_back:
        later = phrase(
            'Some quizzes do not show their results yet: how right your answers were is left out of this. Take your '
            'data along again when they do, or ask your school.'
        )
        yield f'<p>{speak(later)}</p>'
    for part in parts:
        yield from _part(part, speak)
    if named_in:
        yield f'<h2>{speak(phrase("Where you are named"))}</h2>'
        about = phrase('These rows are about other people or about a course, so only their number is here.')
        yield f'<p>{speak(about)}</p><ul>'
        yield from (f'<li><code>{escape(place)}</code>: {number}</li>' for place, number in named_in.items())
        yield '</ul>'


def _part(part: Part, speak: Speak) -> Iterator[str]:
    taken = [kept for kept in part.declared.personal if kept.on_export is Export.INCLUDE]
    yield f'<h2>{speak(Phrase(one=taken[0].what))}</h2>'
    for kept in taken:
        why = phrase(
            '{what}: {why}. Basis: {basis}. How long: {until}.',
            what=Phrase(one=kept.what),
            why=Phrase(one=kept.why),
            basis=Phrase(one=kept.basis),
            until=Phrase(one=kept.until.words),
        )
        yield f'<p>{speak(why)}</p>'
    if part.number > len(part.rows):
        rest = plural('The last row of {all}.', 'The last {count} rows of {all}.', len(part.rows), all=part.number)
        yield f'<p>{speak(rest)}</p>'
    columns = list(dict.fromkeys(name for row in part.rows for name in row))
    head = ''.join(f'<th scope="col"><code>{escape(name)}</code></th>' for name in columns)
    yield f'<div class="wide"><table><caption><code>{part.declared.name}.json</code></caption><tr>{head}</tr>'
    for row in part.rows:
        yield '<tr>' + ''.join(f'<td>{_shown(row.get(name))}</td>' for name in columns) + '</tr>'
    yield '</table></div>'


def _shown(value: object) -> str:
    said = '' if value is None else str(value)
    return escape(said if len(said) <= LONGEST else f'{said[:LONGEST]}…')
