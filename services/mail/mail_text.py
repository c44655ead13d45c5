"""The text of a mail, plain and in HTML with the same words: no pictures, and nothing that follows people."""

from collections.abc import Iterator
from gettext import NullTranslations
from html import escape
from typing import TYPE_CHECKING

from babel.core import Locale, UnknownLocaleError

from services.core.phrases import phrase, spoken
from services.core.text import line

if TYPE_CHECKING:
    from services.mail.letters import Item, Letter

UNSUBSCRIBE = phrase('Unsubscribe from such mails')


def plain(letter: 'Letter', reader: NullTranslations, school: str) -> str:
    """Return the words of a mail as plain text."""
    parts = [each.spoken(reader) for each in letter.before]
    parts += [letter.link] if letter.link else []
    parts += ['\n'.join(_item_lines(item, reader)) for item in letter.items]
    parts += [each.spoken(reader) for each in letter.after]
    if letter.unsubscribe:
        parts.append(f'{UNSUBSCRIBE.spoken(reader)}\n{letter.unsubscribe}')
    return '\n\n'.join([*parts, f'-- \n{school}']) + '\n'


def in_html(letter: 'Letter', reader: NullTranslations, school: str, *, language: str) -> str:
    """Return the words of a mail as HTML."""
    parts = [f'<p>{escape(each.spoken(reader))}</p>' for each in letter.before]
    if letter.link:
        parts.append(f'<p><a href="{escape(letter.link)}">{escape(letter.link)}</a></p>')
    parts += [_item_html(item, reader) for item in letter.items]
    parts += [f'<p>{escape(each.spoken(reader))}</p>' for each in letter.after]
    if letter.unsubscribe:
        words = escape(UNSUBSCRIBE.spoken(reader))
        parts.append(f'<p><a href="{escape(letter.unsubscribe)}">{words}</a></p>')
    body = '\n'.join([*parts, f'<p>-- <br>{escape(school)}</p>'])
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{_direction(language)}">\n'
        f'<head><meta charset="utf-8"><title>{escape(line(letter.subject.spoken(reader)))}</title></head>\n'
        f'<body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">\n{body}\n</body>\n</html>\n'
    )


def _item_lines(item: 'Item', reader: NullTranslations) -> Iterator[str]:
    yield line(str(spoken(item.title, reader)))
    if item.body:
        yield line(str(spoken(item.body, reader)))
    if item.link:
        yield item.link


def _item_html(item: 'Item', reader: NullTranslations) -> str:
    title = escape(line(str(spoken(item.title, reader))))
    head = f'<a href="{escape(item.link)}">{title}</a>' if item.link else title
    body = escape(line(str(spoken(item.body, reader)))) if item.body else ''
    return f'<p dir="auto"><b>{head}</b>{f"<br>{body}" if body else ""}</p>'


def _direction(language: str) -> str:
    try:
        return Locale.parse(language, sep='-').text_direction
    except (ValueError, UnknownLocaleError):
        return 'ltr'
