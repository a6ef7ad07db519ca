"""Code maps: those that come with the program, and a user's own beside the mapping."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.fiscal_year import year_name
from esser_gap.issues import Issue, Where, any_error, error, note, warning
from esser_gap.model.code_map import Code, CodeMap, folded_code, range_ends
from esser_gap.model.commitment import Commitment
from esser_gap.model.record import forms_of
from esser_gap.read.fields import make_record, parse_field, parse_fields, record_from_document, unknown_key
from esser_gap.read.files import DOCUMENT_ENDINGS, read_bytes
from esser_gap.read.values import shown
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from esser_gap.model.code_map import Meaning
    from esser_gap.read.yaml_documents import Document
    from esser_gap.read.yaml_documents import Path as Keys

_EXAMPLE = '`{code: "3213", means: {funded_by: ESSER III}}`'


# --- finding -----------------------------------------------------------------------------------


def code_map_names() -> list[str]:
    """List the names of the code maps that come with the program."""
    folder = files("esser_gap") / "data" / "codes"
    return sorted(Path(file.name).stem for file in folder.iterdir() if file.name.endswith(DOCUMENT_ENDINGS))


def shipped_code_maps() -> tuple[CodeMap, ...]:
    """Read all code maps that come with the program, by name."""
    return tuple(_shipped(name) for name in code_map_names())


def load_code_map(name_or_path: str, beside: Path | None = None, where: Where | None = None) -> CodeMap:
    """Read one code map.

    Args:
        name_or_path: Name of one that comes with the program, or a YAML file.
        beside: Folder of the file that names it; left out: the working directory.
        where: Where it is named.

    Raises:
        InputError: When it cannot be found, or with everything wrong in it.
    """
    if name_or_path.endswith(DOCUMENT_ENDINGS):
        file = read_bytes(Path(name_or_path) if beside is None else beside / name_or_path)
        return code_map_from_document(parse_yaml(file.content.decode("utf-8-sig", errors="replace"), file.name))
    return _shipped(_known(name_or_path, where or Where()))


def code_map_text(name_or_path: str) -> str:
    """Give a code map's file as it stands, to be copied and edited.

    Args:
        name_or_path: Name of one that comes with the program, or a YAML file.

    Raises:
        InputError: When it cannot be found.
    """
    if name_or_path.endswith(DOCUMENT_ENDINGS):
        return read_bytes(Path(name_or_path)).content.decode("utf-8-sig", errors="replace")
    return _shipped_text(_known(name_or_path, Where()))


def _known(name: str, where: Where) -> str:
    names = code_map_names()
    if name in names:
        return name
    message = f"there is no code map called `{name}`"
    hint = choose_from(name, names, "name a file that ends in .yaml")
    raise InputError([error("code-map-unknown", message, where=where, field="codes", found=name, hint=hint)])


def _shipped_text(name: str) -> str:
    return (files("esser_gap") / "data" / "codes" / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def _shipped(name: str) -> CodeMap:
    return code_map_from_document(parse_yaml(_shipped_text(name), f"{name}.yaml"))


# --- reading -----------------------------------------------------------------------------------


def code_map_from_document(document: Document) -> CodeMap:
    """Read a code map from a YAML document.

    Args:
        document: The document; without a `name`, the map is called like the file.

    Raises:
        InputError: With everything wrong in it.
    """
    values = document.value
    if not isinstance(values, dict):
        raise InputError(
            [document.not_a_mapping((), "a code map", f"`codes:` and a list of codes, such as {_EXAMPLE}")]
        )
    issues: list[Issue] = []

    def where(name: str) -> Where:
        return document.where((name,))

    given = {"name": Path(document.file).stem, **values}
    parsed = parse_fields(CodeMap, given, where, issues, {"codes": partial(_codes, document, issues)})
    if any_error(issues):
        raise InputError(issues)
    code_map = make_record(CodeMap, parsed, document.origin(), issues, where)
    if code_map is None:
        raise InputError(issues)
    return code_map


def _codes(document: Document, issues: list[Issue], raw: Any) -> tuple[Code, ...]:
    if not isinstance(raw, list) or not raw:
        hint = f"write `codes:` and below it lines such as `- {_EXAMPLE[1:]}"
        message = "`codes` is not a list of codes"
        issues.append(error("structure-not-understood", message, where=document.where(("codes",)), hint=hint))
        return ()
    read = [_code(document, ("codes", place), issues) for place in range(len(raw))]
    codes = tuple(code for code in read if code is not None)
    issues.extend(_repeated(codes))
    return codes


def _code(document: Document, path: Keys, issues: list[Issue]) -> Code | None:
    def parse_values(values: Mapping[str, Any], where: Callable[[str], Where], found: list[Issue]) -> dict[str, Any]:
        means = partial(_means, document, (*path, "means"), found)
        parsed = parse_fields(Code, values, where, found, {"means": means})
        found.extend(_misshapen(parsed, where))
        return parsed

    return record_from_document(Code, document, path, parse_values, _EXAMPLE, issues)


def _means(document: Document, path: Keys, issues: list[Issue], raw: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        issues.append(document.not_a_mapping(path, "fields with values", "`means: {funded_by: ESSER III}`"))
        return {}
    forms = forms_of(Commitment)
    means = {}
    for name, value in raw.items():
        where = document.where((*path, name))
        if name not in forms:
            issues.append(unknown_key(name, sorted(forms), where))
            continue
        values = value if isinstance(value, list) else [value]
        for one in values:
            # Whether a source of that name exists depends on the budget, which is checked with its sources later.
            parse_field(one, forms[name], where, issues)
        means[name] = tuple(shown(one) for one in values if one is not None)
    return means


def _misshapen(parsed: Mapping[str, Any], where: Callable[[str], Where]) -> list[Issue]:
    code, first, last = parsed.get("code", ""), parsed.get("from"), parsed.get("through")
    ends = range_ends(code)
    found = []
    if "*" in code[:-1]:
        message, hint = f"`{code}` has a `*` before its end", "put the `*` at the end, such as `44*`"
        found.append(error("value-not-understood", message, where=where("code"), field="code", found=code, hint=hint))
    if ends is not None and ends[0] > ends[1]:
        message, hint = f"the range `{code}` ends before it starts", f"write `{ends[1]}-{ends[0]}`"
        found.append(error("value-not-understood", message, where=where("code"), field="code", found=code, hint=hint))
    if first is not None and last is not None and last < first:
        message, hint = f"`{code}` ends in FY{last}, before it starts in FY{first}", "correct one of the two years"
        found.append(error("dates-contradict", message, where=where("through"), field="through", hint=hint))
    return found


def _repeated(codes: tuple[Code, ...]) -> list[Issue]:
    same: dict[str, list[Code]] = {}
    for code in codes:
        same.setdefault(folded_code(code.code), []).append(code)
    return [
        error(
            "code-twice",
            f"`{second.code}` stands here twice for the same fiscal years",
            where=second.origin.where(),
            field="code",
            found=second.code,
            hint=f"keep one of the two (the other: {first.origin.where()}), or part them with `from` and `through`",
        )
        for listed in same.values()
        for first, second in combinations(listed, 2)
        if first.overlaps(second)
    ]


# --- telling -----------------------------------------------------------------------------------


def unknown_code_issue(
    code: str, code_map: CodeMap, field: str, where: Where, rows_count: int, fiscal_year: int | None = None
) -> Issue:
    """Warn that a map does not say what a code stands for in a field, which is left blank.

    Args:
        code: What stands in the file.
        code_map: The map that was asked.
        field: Field of a commitment.
        where: First cell that holds the code.
        rows_count: How many rows hold it.
        fiscal_year: Year that was asked for.

    Returns:
        `code-unknown` for a code that the map does not have, `code-unclear` for one that may mean several things or
        says nothing about the field.
    """
    found = code_map.find(code, fiscal_year)
    rows = f" ({rows_count} rows)" if rows_count > 1 else ""
    named = f"{code_map.dimension} `{code}`"
    instead = f"write what it means under `values.{field}` in the mapping, or in a copy of the code map"
    if found is None:
        year = "" if fiscal_year is None else f" in {year_name(fiscal_year)}"
        message = f"the code map `{code_map.name}` does not have the {named}{year}{rows}"
        return warning("code-unknown", message, where=where, field=field, found=code, hint=f"left blank; {instead}")
    title = f" ({found.code.title})" if found.code.title else ""
    values = found.code.means.get(field, ())
    what = f"may mean {_either(values)}" if len(values) > 1 else f"has no `{field}`"
    message = f"the {named}{title} {what} in the code map `{code_map.name}`{rows}"
    hint = "; ".join(filter(None, ["left blank", found.code.note, instead]))
    return warning("code-unclear", message, where=where, field=field, found=code, hint=hint)


def lost_zeros_issue(code: str, code_map: CodeMap, field: str, where: Where, meaning: Meaning) -> Issue:
    """Tell that a code was found only with the leading zeros that it had lost.

    Args:
        code: What stands in the file.
        code_map: The map that has it.
        field: Field of a commitment.
        where: First cell that holds the code.
        meaning: What the map gave for it.
    """
    message = f"the {code_map.dimension} `{code}` is read as `{meaning.restored}`, with the zeros that a number loses"
    hint = "format the column as text, so that its codes keep their zeros"
    return note("code-zeros-lost", message, where=where, field=field, found=code, hint=hint)


def _either(values: tuple[str, ...]) -> str:
    quoted = [f"`{value}`" for value in values]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]])
