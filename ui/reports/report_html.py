"""A report as HTML: the same on its page and behind a link, on a phone, a laptop and from the printer of a browser."""

from html import escape

from services.reports.performance.sheet import CourseSheet, Part, Picture, Sheet, Table
from ui.kit.language import _


def report_html(sheet: Sheet, *, is_titled: bool = True) -> str:
    """Return a whole report; what people typed is escaped here."""
    head = (
        f'<header class="report-head">{_title(sheet) if is_titled else ""}{_line(sheet.description, "hint")}</header>'
    )
    courses = ''.join(_course(each) for each in sheet.courses)
    goals = _part(sheet.goals) if sheet.goals else ''
    return f'<article class="report">{head}{courses}{goals}{_line(sheet.made, "hint report-made")}</article>'


def _title(sheet: Sheet) -> str:
    name = f'<h1 class="title" dir="auto" translate="no">{escape(sheet.name)}</h1>'
    return f'<p class="report-kind">{escape(sheet.title)}</p>{name}'


def _course(found: CourseSheet) -> str:
    mark = f'<p class="report-mark report-{found.schedule}">{escape(found.standing)}</p>'
    said = _line(found.stands, 'report-stands') + _line(found.changed, 'body')
    picture = _picture(found.picture, has_table=True) if found.picture else ''
    first = f'<div class="report-first">{"".join(map(_part, found.first))}</div>'
    rest = f'<div class="report-rest">{"".join(map(_part, found.rest))}</div>'
    heading = f'<h2 class="heading" dir="auto" translate="no">{escape(found.title)}</h2>'
    return f'<section class="report-course">{heading}{mark}{said}{picture}{first}{rest}</section>'


def _part(part: Part) -> str:
    inside: list[str] = []
    if part.facts:
        rows = (
            f'<div><dt>{escape(label)}</dt><dd class="number">{escape(said)}</dd></div>' for label, said in part.facts
        )
        inside.append(f'<dl class="report-facts">{"".join(rows)}</dl>')
    if part.typed:
        inside.append(f'<p class="report-typed" dir="auto">{escape(part.typed)}</p>{_line(part.by, "hint")}')
    if part.items:
        inside.append(f'<ul class="report-list">{"".join(map(_item, part.items))}</ul>')
    inside += [_picture(each, has_table=False) for each in part.pictures]
    inside += [_table(each, is_named=each.caption != part.heading) for each in part.tables]
    look = 'report-part report-paper' if part.is_for_paper else 'report-part'
    heading = f'<h3 class="report-heading">{escape(part.heading)}</h3>'
    return f'<section class="{look}">{heading}{"".join(inside)}</section>'


def _picture(found: Picture, *, has_table: bool) -> str:
    drawn = f'<div class="report-picture" role="img" aria-label="{escape(found.alt)}">{found.svg}</div>'
    ends = f'<span>{escape(found.begins)}</span><span>{escape(found.ends)}</span>'
    legend = ''.join(
        f'<span class="report-key"><i class="{kind}" aria-hidden="true"></i>{escape(name)}</span>'
        for kind, name in found.legend
    )
    below = f'<div class="report-ends">{ends}</div><div class="report-legend">{legend}</div>'
    summary = f'<summary>{escape(_("The figures"))}</summary>'
    figures = f'<details class="report-figures">{summary}{_table(found.table, is_named=False)}</details>'
    finding = f'<figcaption class="hint">{escape(found.finding)}</figcaption>'
    return f'<figure class="report-figure">{finding}{drawn}{below}{figures if has_table else ""}</figure>'


def _table(table: Table, *, is_named: bool) -> str:
    def cell(place: int, words: str) -> str:
        kind = ' class="number"' if table.numbers[place] else ''
        tag = 'th scope="row"' if place == 0 else 'td'
        return f'<{tag}{kind} dir="auto">{escape(words)}</{tag.partition(" ")[0]}>'

    heads = ''.join(
        f'<th scope="col" class="{"number" if is_number else "words"}">{escape(name)}</th>'
        for name, is_number in zip(table.columns, table.numbers, strict=True)
    )
    rows = ''.join(f'<tr>{"".join(cell(place, words) for place, words in enumerate(row))}</tr>' for row in table.rows)
    caption = f'<caption class="report-caption">{escape(table.caption)}</caption>' if is_named else ''
    return (
        f'<div class="report-scroll" tabindex="0" role="group" aria-label="{escape(table.caption)}">'
        f'<table class="report-table">{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _item(words: str) -> str:
    return f'<li dir="auto">{escape(words)}</li>'


def _line(words: str, look: str) -> str:
    return f'<p class="{look}" dir="auto">{escape(words)}</p>' if words else ''
