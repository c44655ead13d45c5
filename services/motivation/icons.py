"""The pictures of badges, drawn on 24 × 24 in one colour: each has a shape of its own, so that none needs a colour."""

from types import MappingProxyType
from urllib.parse import quote

from models import BadgeIcon

_LINE = "fill='none' stroke='currentColor' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'"
_SHAPES = MappingProxyType(
    {
        BadgeIcon.BOLT: "<path fill='currentColor' d='M13.8 1.5 4.5 13.6h6L8.9 22.5l10.6-13h-6.6z'/>",
        BadgeIcon.FLAME: (
            "<path fill='currentColor' fill-rule='evenodd' d='"
            'M12.4 1.5c.6 4 6.6 6.3 6.6 12.7a7 7 0 0 1-14 .2c0-3.3 1.9-5 3.1-6.6.4 1.8 1.1 2.8 2.1 3.3'
            '-.3-3.7.3-7.1 2.2-9.6z'
            "M12 13.6c-1.7 1.6-2.6 2.6-2.6 4.1a2.6 2.6 0 0 0 5.2 0c0-1.5-.9-2.5-2.6-4.1z'/>"
        ),
        BadgeIcon.CROWN: (
            "<path fill='currentColor' d='M2.5 7.2 7.6 11 12 3.6l4.4 7.4 5.1-3.8-2 10.6h-15z'/>"
            "<path fill='currentColor' d='M4.5 19.4h15v2.2h-15z'/>"
        ),
        BadgeIcon.CALENDAR: (
            f"<g {_LINE}><rect x='3' y='4.8' width='18' height='16.4' rx='2.6'/><path d='M8 2.4v4.4M16 2.4v4.4'/></g>"
            f"<path {_LINE} d='M7.8 13.6l3.1 3.1 5.4-6'/>"
        ),
        BadgeIcon.LIFEBELT: (
            f"<g {_LINE}><circle cx='12' cy='12' r='9.6'/><circle cx='12' cy='12' r='4'/></g>"
            "<path fill='none' stroke='currentColor' stroke-width='3.4' d='"
            "M8.9 8.9 5.4 5.4M15.1 8.9l3.5-3.5M8.9 15.1l-3.5 3.5M15.1 15.1l3.5 3.5'/>"
        ),
        BadgeIcon.COMPASS: (
            f"<circle {_LINE} cx='12' cy='12' r='9.6'/>"
            "<path fill='currentColor' fill-rule='evenodd' d='"
            "M17.4 6.6l-3.1 7.7-7.7 3.1 3.1-7.7zM12 10.6a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8z'/>"
        ),
        BadgeIcon.STAR: (
            "<path fill='currentColor' d='M12 1.8l3.1 6.6 7.2.9-5.3 5 1.4 7.1L12 17.9l-6.4 3.5L7 14.3l-5.3-5 7.2-.9z'/>"
        ),
        BadgeIcon.LEAF: (
            "<path fill='currentColor' fill-rule='evenodd' d='"
            'M21.5 2.5c.7 9.5-3.3 16.5-11 16.5-1.6 0-2.9-.3-4-.9L4 21.6l-1.5-1.5L5 17.5C3.5 10 9 4.5 21.5 2.5z'
            "M16.5 7C12 8.5 9 11.3 7.3 15.2c3-3.4 5.9-5.8 9.2-8.2z'/>"
        ),
    }
)


def svg(icon: BadgeIcon) -> str:
    """Return a picture as SVG that takes the colour of the text around it."""
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' aria-hidden='true'>{_SHAPES[icon]}</svg>"


def address(icon: BadgeIcon) -> str:
    """Return a picture as an address that has it in itself."""
    return f'data:image/svg+xml,{quote(svg(icon))}'
