"""The model that Waymark ships: learned from public data, in `shipped.json` with its origin and licence.

`python -m bench.prediction --write` makes the file anew from the data, the same each time.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from services.analytics.prediction.model import Model, labels

FILE = Path(__file__).with_name('shipped.json')
ORIGIN = 'oulad-1'
DIGITS = 4
"""of each coefficient, so that the file is the same on every machine"""


@cache
def model() -> Model:
    """Return the shipped model."""
    coefficients = json.loads(FILE.read_text(encoding='utf-8'))['coefficients']
    return Model(coefficients=np.array([coefficients[label] for label in labels()]))


def written(learned: Model, *, examples: int) -> str:
    """Return the file for a model that was learned from so many examples."""
    facts = {
        'origin': ORIGIN,
        'data': 'Open University Learning Analytics Dataset, https://analyse.kmi.open.ac.uk/open_dataset',
        'cite': 'Kuzilek, Hlosta, Zdrahal, Scientific Data 4:170171 (2017)',
        'licence': 'CC BY 4.0',
        'changed': 'Learned from the runs of 2013B, 2013J and 2014B: submissions, scores and due dates of learners who '
        'were still in the course at the end of weeks 4, 8, 12, 16 and 20. No demographic data, no clicks.',
        'examples': examples,
        'coefficients': {
            label: round(float(value), DIGITS) + 0.0
            for label, value in zip(labels(), learned.coefficients, strict=True)
        },
    }
    return json.dumps(facts, indent=2) + '\n'
