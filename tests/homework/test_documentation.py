from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

from backprop_tutor.homework.problems.problem_schema import SheetTable
from backprop_tutor.homework.problems.problem_set import parse_problems

DOCS = Path(__file__).parents[2] / "docs"


def test_the_problem_file_of_the_documentation() -> None:
    """The TOML shown in the documentation is a problem file."""
    text = (DOCS / "homework.md").read_text(encoding="utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert block is not None
    sheet = parse_problems(block[1])
    assert [problem.id for problem in sheet] == ["gates", "neuron", "network"]
    assert sheet.problem("neuron").points == 10


def test_the_examples_of_the_documentation() -> None:
    """The examples shown in the documentation run and print what they show."""
    results = doctest.testfile(str(DOCS / "homework.md"), module_relative=False, encoding="utf-8")
    assert results.attempted >= 6
    assert results.failed == 0


def test_the_published_schema_of_problems() -> None:
    """The schema in the documentation is that of problem files."""
    path = DOCS / "schemas" / "problems.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == SheetTable.model_json_schema(
        by_alias=True
    )


HOLDS_ONE = frozenset(
    ("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then",
     "unevaluatedItems", "unevaluatedProperties")
)  # fmt: skip
HOLDS_MANY = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
HOLDS_NAMED = frozenset(("$defs", "dependentSchemas", "patternProperties", "properties"))
OTHERS = frozenset(
    ("$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary",
     "const", "contentEncoding", "contentMediaType", "contentSchema", "default", "dependentRequired",
     "deprecated", "description", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum", "format",
     "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems",
     "minLength", "minProperties", "minimum", "multipleOf", "pattern", "readOnly", "required", "title",
     "type", "uniqueItems", "writeOnly")
)  # fmt: skip
"""The keywords of JSON Schema 2020-12: https://json-schema.org/draft/2020-12/schema."""


def strangers(schema: object) -> set[str]:
    """Return the keywords of a schema, and of those in it, that the draft does not have."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            assert isinstance(one, bool), one
            continue
        found |= set(one) - HOLDS_ONE - HOLDS_MANY - HOLDS_NAMED - OTHERS
        waiting += [one[key] for key in HOLDS_ONE & set(one)]
        waiting += [part for key in HOLDS_MANY & set(one) for part in one[key]]
        waiting += [part for key in HOLDS_NAMED & set(one) for part in one[key].values()]
    return found


def test_published_schemas_say_what_readers_of_schemas_know() -> None:
    """Every published schema uses the keywords of JSON Schema alone."""
    paths = sorted((DOCS / "schemas").glob("*.json"))
    assert [path.name for path in paths] == [
        f"{name}.schema.json" for name in ("derivation", "marking", "marks", "problems")
    ]
    for path in paths:
        assert strangers(json.loads(path.read_text(encoding="utf-8"))) == set(), path.name
    assert strangers({"properties": {"ge": {"anyOf": [{"ge": 0}]}}}) == {"ge"}


def test_the_limits_of_numbers_are_in_the_schema() -> None:
    """A share lies between 0 and 1, points are not negative: the schema says so, as the reader does."""
    schema = SheetTable.model_json_schema(by_alias=True)
    share = schema["properties"]["follow_through"]
    assert (share["minimum"], share["maximum"]) == (0, 1)
    assert schema["$defs"]["CellTable"]["properties"]["points"]["anyOf"][0]["minimum"] == 0
