"""All benchmarks, by hand: `python benchmarks/run.py`. Prints a table and says on which machine.

Every figure stands beside its floor, measured in the same run: the imports that a command cannot do without, or
numpy doing the same arithmetic. Exit status 0, whatever the figures are.
"""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from make_budget import AS_OF, FIRST_YEAR, YEARS, made_budget, write_files
from processes import Measured, measured, python

HELP_FLOOR = "import typer"
PROJECT_FLOOR = "import typer, pydantic, rich, polars, python_calamine"
READ_FLOOR = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name).to_python(skip_empty_area=False)
"""
READ = """
import gc, sys
gc.set_threshold(100_000, 50, 50)
from esser_gap.check.budget import check_budget
from esser_gap.read.budgets import read_budget
check_budget(read_budget(sys.argv[1]))
"""
AIMS = {"--help": 1.5, "project, 60": 1.6, "engine": 3.0, "reading": 3.0}
"""How many times its floor a figure is meant to stay within."""

SMALL, LARGE = 60, 20_000
ROWS = 100_000
ENGINE_SIZES = (20_000, 200_000)
_DATES = ("--as-of", AS_OF.isoformat(), "--first-year", str(FIRST_YEAR))


def main() -> None:
    """Run what the command line asks for."""
    options = _options()
    print(_machine())
    if options.only in (None, "reading"):
        _reading(options.repeats)
    if options.only in (None, "commands"):
        _commands(options.repeats, [SMALL] if options.quick else [SMALL, LARGE])
    if options.only in (None, "engine"):
        _engine(options.repeats, ENGINE_SIZES[:1] if options.quick else ENGINE_SIZES)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["reading", "commands", "engine"], help="run one part")
    parser.add_argument("--quick", action="store_true", help="leave the largest sizes out")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each; the best counts (default 5)")
    return parser.parse_args()


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "numpy", "pydantic", "typer"))
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}\n"
        f"Python {platform.python_version()}, {packages}\n"
    )


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        names = [line.partition(":")[2].strip() for line in listed.read_text().splitlines() if "model name" in line]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def _reading(repeats: int) -> None:
    print(f"{'reading':<48}{'seconds':>9}{'x floor':>9}{'aim':>6}{'MiB':>8}")
    with TemporaryDirectory() as folder:
        book, *_ = map(str, write_files(made_budget(ROWS), Path(folder)))
        name = f"xlsx to checked commitments, {ROWS:,} rows"
        _print_beside(python("-c", READ_FLOOR, book), {name: python("-c", READ, book)}, repeats, AIMS["reading"])
    print()


def _commands(repeats: int, sizes: list[int]) -> None:
    print(f"{'command':<48}{'seconds':>9}{'x floor':>9}{'aim':>6}{'MiB':>8}")
    typer_only = python("-c", HELP_FLOOR)
    _print_beside(typer_only, {"esser-gap --help": _program("--help")}, repeats, AIMS["--help"])
    imports = python("-c", PROJECT_FLOOR)
    for size in sizes:
        with TemporaryDirectory() as folder:
            book, funding, scenario = map(str, write_files(made_budget(size), Path(folder)))
            files = (book, "--funding", funding, "--scenario", scenario, *_DATES)
            _print_beside(imports, {f"esser-gap check, {size:,} commitments": _program("check", *files)}, repeats)
            name = f"project, {size:,}"
            project = {f"esser-gap {name} commitments": _program("project", *files, "--years", str(YEARS))}
            _print_beside(imports, project, repeats, AIMS.get(name))
    print()


def _print_beside(floor: list[str], commands: dict[str, list[str]], repeats: int, aim: float | None = None) -> None:
    """Measure commands in turn with their floor, and print all of them."""
    lowest, *figures = measured([floor, *commands.values()], repeats)
    _line(f'python -c "{floor[-1]}"'[:46], lowest, lowest)
    for name, figure in zip(commands, figures, strict=True):
        _line(name, figure, lowest, aim)


def _program(*arguments: str) -> list[str]:
    return python("-m", "esser_gap", *arguments)


def _line(name: str, what: Measured, floor: Measured, aim: float | None = None) -> None:
    times = what.seconds / floor.seconds
    shown = "" if aim is None else f"{aim:.1f}"
    print(f"{name:<48}{what.seconds:>9.3f}{times:>9.2f}{shown:>6}{what.mebibytes:>8.0f}")


def _engine(repeats: int, sizes: tuple[int, ...]) -> None:
    from engine import engine_times

    for size in sizes:
        times = engine_times(size, repeats)
        print(
            f"{f'engine, {size:,} commitments x {YEARS} years x 8 sources':<56}{'seconds':>9}{'x numpy':>9}{'aim':>6}"
        )
        rows = [
            ("numpy: records to arrays", times.numpy_prepare, times.numpy_prepare, None),
            ("esser-gap: records to frames", times.polars_prepare, times.numpy_prepare, None),
            ("numpy: cost and waterfall", times.numpy_compute, times.numpy_compute, None),
            ("esser-gap: cost and waterfall", times.polars_compute, times.numpy_compute, AIMS["engine"]),
        ]
        both = times.numpy_prepare + times.numpy_compute
        rows += [
            ("numpy: both", both, both, None),
            ("esser-gap: both", times.polars_prepare + times.polars_compute, both, AIMS["engine"]),
            ("esser-gap: records to the five tables, with advice", times.polars_all, both, AIMS["engine"]),
        ]
        for name, seconds, floor, aim in rows:
            shown = "" if aim is None else f"{aim:.1f}"
            print(f"{name:<56}{seconds:>9.3f}{seconds / floor:>9.2f}{shown:>6}")
        print()


if __name__ == "__main__":
    main()
