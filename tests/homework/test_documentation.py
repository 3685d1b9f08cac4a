from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

from backprop_tutor.homework.problem_schema import SheetTable
from backprop_tutor.homework.problems import parse_problems

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
