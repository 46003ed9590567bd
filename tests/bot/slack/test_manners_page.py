"""The page of manners names tests that exist, and every test of a manner."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/reference/slack-manners.md"
HERE = Path(__file__).parent


def names_of_tests():
    trees = [ast.parse(file.read_text("utf-8")) for file in HERE.glob("test_*.py")]
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_page_names_exists():
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text("utf-8")))

    assert named <= names_of_tests()


def test_every_test_of_a_manner_is_on_the_page():
    page = PAGE.read_text("utf-8")

    assert [
        name for name in sorted(names_of_tests()) if name.startswith("test_manner_") and name not in page
    ] == []


def test_each_of_the_twenty_manners_is_on_the_page():
    page = PAGE.read_text("utf-8")
    done = {int(number) for number in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    to_come = {int(number) for number in re.findall(r"\b(\d+) \(", page)}

    assert done | to_come == set(range(1, 21))
