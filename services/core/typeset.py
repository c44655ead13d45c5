"""A process of its own that makes one PDF: a job as JSON on standard input, the PDF on standard output.

What goes wrong is one line on standard error. Apart from the server, because a typesetter cannot be interrupted: the
server ends this process when it takes too long.
"""

import json
import os
import sys
from pathlib import Path

import typst

SERVICES = Path(__file__).resolve().parents[1]
"""Where templates find each other: `#import "/core/paper.typ"`."""
NO_LETTER = 'could not be displayed'


def main() -> None:
    """Make the PDF, without taking the processor from a class."""
    os.nice(10)
    job = json.load(sys.stdin)
    try:
        pdf = made(job)
    except typst.TypstError as error:
        sys.exit(f'{error.message} {" ".join(error.hints)}'.replace('\n', ' '))
    sys.stdout.buffer.write(pdf)


def made(job: dict[str, object]) -> bytes:
    """Return the PDF; where the job allows it, a letter that no font here can draw is a box instead of an error."""
    facts = json.dumps(job['facts'])
    try:
        return typeset(str(job['template']), facts, is_accessible=True)  # makes an error of such letters
    except typst.TypstError as error:
        if job['all_letters'] or NO_LETTER not in error.message:
            raise
    return typeset(str(job['template']), facts, is_accessible=False)


def typeset(template: str, facts: str, *, is_accessible: bool) -> bytes:
    """Return a template filled with facts, which are data and never markup."""
    return typst.compile(
        template,
        root=str(SERVICES),
        format='pdf',
        sys_inputs={'facts': facts},
        pdf_standards=['ua-1'] if is_accessible else None,
    )


if __name__ == '__main__':
    main()
