"""A process of its own that makes one PDF: facts as JSON on standard input, the PDF on standard output.

What goes wrong is one line on standard error. Apart from the server, because a typesetter cannot be interrupted:
whoever started this process ends it when it takes too long.
"""

import json
import os
import sys
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name('certificate.typ')


def main() -> None:
    """Make the PDF, without taking the processor from a class."""
    os.nice(10)
    facts = json.load(sys.stdin)
    try:
        # PDF/UA-1 also makes an error of every letter that no font here can draw
        pdf = typst.compile(
            str(TEMPLATE),
            format='pdf',
            sys_inputs={'facts': json.dumps(facts)},
            pdf_standards=['ua-1'],
        )
    except typst.TypstError as error:
        sys.exit(f'{error.message} {" ".join(error.hints)}'.replace('\n', ' '))
    sys.stdout.buffer.write(pdf)


if __name__ == '__main__':
    main()
