"""Output files: which form an ending asks for, what may be replaced, and replacing it whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from esser_gap.write.result import Result

    Writer = Callable[[Path], None]

ENDINGS = (".xlsx", ".json", ".csv", ".parquet")
"""Endings of the files that a result can be written to."""

_ONE_TABLE = frozenset({".csv", ".parquet"})


def write_outputs(
    result: Result, paths: Path | str | Iterable[Path | str], *, table: str | None = None, force: bool = False
) -> list[Path]:
    """Write a projection, a comparison or a sweep to files, in the form each file's ending asks for.

    A workbook and a JSON document hold everything. CSV and Parquet hold one table: `gap.csv` gets `years`, and the
    others go beside it as `gap.costs.csv`, `gap.coverage.csv`, `gap.payments.csv` and `gap.losses.csv`, with
    `gap.receipts.csv`, which says what became of the rows and dollars of each sheet. A comparison adds
    `gap.comparison.csv`, `gap.fates.csv`, `gap.bridge.csv` and `gap.robustness.csv`; of a sweep, `gap.csv` gets the
    sweep itself, and `gap.break_even.csv` goes beside it.

    Args:
        result: What `project`, `compare` or `sweep` gave.
        paths: File or files to write, by ending `.xlsx`, `.json`, `.csv` or `.parquet`.
        table: The only table to put into CSV and Parquet files, exactly under the name given.
        force: Whether existing files are replaced.

    Returns:
        Every file written, in order.

    Raises:
        OutputError: When a file may not be, or cannot be, written; then no file has changed.
    """
    named = [paths] if isinstance(paths, (str, Path)) else paths
    writers = output_writers(result, map(Path, named), table=table, force=force)
    write_atomically(writers)
    return list(writers)


def output_writers(
    result: Result, paths: Iterable[Path], *, table: str | None = None, force: bool = False
) -> dict[Path, Writer]:
    """Give what writes each output file, to be written together with others.

    Args:
        result: What was computed.
        paths: Files as the user names them.
        table: The only table for CSV and Parquet files.
        force: Whether existing files may be replaced.

    Raises:
        OutputError: As `check_targets` does.
    """
    targets = check_targets(paths, table=table, force=force, kind=type(result))
    return {path: _writer(result, path, name) for path, name in targets.items()}


def check_targets(
    paths: Iterable[Path], *, table: str | None = None, force: bool = False, kind: type[Result] | None = None
) -> dict[Path, str]:
    """Find out before any work is done whether the output files can be written.

    Args:
        paths: Files as the user names them.
        table: The only table for CSV and Parquet files.
        force: Whether existing files may be replaced.
        kind: What will be written; None: a projection.

    Returns:
        Every file that will be written, with the name of the table it holds, blank where it holds all.

    Raises:
        OutputError: When an ending or the table is unknown, a folder is missing, two outputs would be the same file,
            or a file exists and may not be replaced.
    """
    tables = _tables_of(kind)
    if table is not None:
        _check_table(table, tables)
    targets: dict[Path, str] = {}
    seen: set[Path] = set()
    for path in paths:
        for target, name in _files_for(path, table, tables).items():
            if target.resolve() in seen:
                raise OutputError(f"two outputs would be the same file `{target}`")
            seen.add(target.resolve())
            targets[target] = name
    for target in targets:
        check_target(target, force=force)
    return targets


def check_target(path: Path, *, force: bool = False) -> None:
    """Find out whether one file can be written.

    Args:
        path: The file.
        force: Whether it may be replaced.

    Raises:
        OutputError: When it is a folder, its folder is missing, or it exists and may not be replaced.
    """
    if path.is_dir():
        raise OutputError(f"`{path}` is a folder")
    if not path.resolve().parent.is_dir():
        raise OutputError(f"the folder `{path.parent}` does not exist")
    if path.exists() and not force:
        raise OutputError(f"`{path}` exists; replace it with --force or give another name")


def write_atomically(writers: Mapping[Path, Writer]) -> None:
    """Write files so that each is there whole or not at all; none changes before all are written.

    Each is written beside its target under another name and then moved over it. An existing file keeps its
    permissions, a link stays a link.

    Args:
        writers: For each file, what writes it to the path it is given.

    Raises:
        OutputError: When the disk, the folder or another program does not allow it.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, write in writers.items():
            target = path.resolve()
            staged[target] = target.with_name(f".esser-gap-{secrets.token_hex(6)}{path.suffix}")
            _stage(write, staged[target], target)
        for target, temporary in staged.items():
            temporary.replace(target)
    except OSError as problem:
        raise OutputError(f"cannot write `{target.name}`: {_reason(problem)}") from problem
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)


def _stage(write: Writer, temporary: Path, target: Path) -> None:
    # Made here, so that it gets the permissions of any new file, whatever the writer would choose.
    temporary.open("x").close()
    write(temporary)
    if target.exists():
        shutil.copymode(target, temporary)
    with temporary.open("rb+") as written:
        os.fsync(written.fileno())


def _reason(problem: OSError) -> str:
    reason = (problem.strerror or str(problem)).lower()
    return f"{reason}; close it where it is open" if isinstance(problem, PermissionError) else reason


def _tables_of(kind: type[Result] | None) -> tuple[str, ...]:
    from esser_gap.projecting import Projection
    from esser_gap.write.result import tables_of

    return tables_of(kind or Projection)


def _check_table(table: str, tables: tuple[str, ...]) -> None:
    if table not in tables:
        raise OutputError(f"there is no table `{table}`; the tables are {', '.join(tables)}")


def _files_for(path: Path, table: str | None, tables: tuple[str, ...]) -> dict[Path, str]:
    """Give the files that one named output becomes, with the table each holds."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError(f"cannot tell from the name `{path.name}` what to write; end it in {', '.join(ENDINGS)}")
    if ending not in _ONE_TABLE:
        return {path: ""}
    if table is not None:
        return {path: table}
    main, *others = tables
    return {path: main, **{path.with_name(f"{path.stem}.{name}{path.suffix}"): name for name in others}}


def _writer(result: Result, path: Path, table: str) -> Writer:
    ending = path.suffix.lower()
    if ending == ".json":
        return lambda temporary: _write_json(result, temporary)
    if ending == ".xlsx":
        from esser_gap.write.workbook import write_workbook

        return lambda temporary: write_workbook(result, temporary)
    from esser_gap.write.delimited import write_csv, write_parquet
    from esser_gap.write.result import frame_of

    write_table = write_csv if ending == ".csv" else write_parquet
    return lambda temporary: write_table(frame_of(result, table), temporary)


def _write_json(result: Result, path: Path) -> None:
    from esser_gap.write.json_document import json_chunks

    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_chunks(result))
