"""The public interface is small, complete, documented, and starts without heavy libraries."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import esser_gap

HEAVY = ("openpyxl", "polars", "pydantic", "python_calamine", "rich", "typer", "xlsxwriter", "yaml")


def typed_names() -> set[str]:
    """List what type checkers see: the imports that never run."""
    tree = ast.parse(Path(esser_gap.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return {name.name for node in guarded.body if isinstance(node, ast.ImportFrom) for name in node.names}


def test_the_public_names_are_sorted_and_few() -> None:
    assert esser_gap.__all__ == sorted(esser_gap.__all__)
    assert len(esser_gap.__all__) == len(set(esser_gap.__all__)) <= 22


def test_the_public_names_are_the_same_for_people_programs_and_type_checkers() -> None:
    assert set(esser_gap.__all__) == set(esser_gap._HOMES) == typed_names() == set(dir(esser_gap))


@pytest.mark.parametrize("name", esser_gap.__all__)
def test_every_public_name_can_be_imported_and_is_documented(name: str) -> None:
    value = getattr(esser_gap, name)
    assert value.__name__ == name
    assert inspect.getdoc(value)
    # A class without a docstring would show that of its base.
    assert value.__doc__


@pytest.mark.parametrize("name", esser_gap.__all__)
def test_every_public_name_is_defined_in_the_module_that_the_package_names(name: str) -> None:
    assert getattr(esser_gap, name).__module__ == f"esser_gap.{esser_gap._HOMES[name]}"


@pytest.mark.parametrize("name", esser_gap.__all__)
def test_every_argument_of_a_public_function_is_explained(name: str) -> None:
    value = getattr(esser_gap, name)
    if not inspect.isfunction(value):
        assert inspect.isclass(value)
        return
    explained = inspect.getdoc(value) or ""
    assert [argument for argument in inspect.signature(value).parameters if f"    {argument}: " not in explained] == []


def test_a_name_that_is_not_public_is_refused() -> None:
    with pytest.raises(AttributeError, match="Bugdet"):
        _ = esser_gap.Bugdet


def test_a_single_file_scenario_or_output_needs_no_list(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(
        "name,category,kind,annual_cost\nFilter,software,recurring,9000\n", encoding="utf-8"
    )
    budget = esser_gap.read_budget(str(tmp_path / "b.csv"))
    assert [commitment.name for commitment in budget.commitments] == ["Filter"]
    projection = esser_gap.project(budget, "baseline", first_year=2027)
    assert [scenario.name for scenario in projection.scenarios] == ["baseline"]
    assert esser_gap.write_outputs(projection, str(tmp_path / "gap.json")) == [tmp_path / "gap.json"]


def test_the_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert esser_gap.__version__ == project["version"]


def loaded_by(statement: str) -> set[str]:
    source = Path(esser_gap.__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(source)!r}); {statement}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return {module.partition(".")[0] for module in done.stdout.split()}


def test_importing_the_package_loads_no_heavy_library() -> None:
    assert loaded_by("import esser_gap").isdisjoint(HEAVY)


def test_a_public_name_loads_its_libraries_only_when_it_is_used() -> None:
    assert "pydantic" in loaded_by("from esser_gap import Commitment")
    assert loaded_by("from esser_gap import Commitment").isdisjoint({"polars", "rich", "typer", "xlsxwriter"})
