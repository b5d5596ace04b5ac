"""Holds documents against the published schema: schema.py SCHEMA FOLDER.

Documents named good-*.json must be valid, those named bad-*.json must not.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

schema = json.loads(Path(sys.argv[1]).read_text())
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong = 0
for path in sorted(Path(sys.argv[2]).glob("*.json")):
    errors = [error.message[:200] for error in validator.iter_errors(json.loads(path.read_text()))]
    if bool(errors) == path.name.startswith("good-"):
        print(f"{path.name}: {'refused: ' + errors[0] if errors else 'accepted'}")
        wrong += 1
sys.exit(wrong)
