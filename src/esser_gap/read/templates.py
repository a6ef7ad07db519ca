"""Templates of sources: those that come with the program, and a user's own beside the file that uses them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Issue, Where, error
from esser_gap.model.record import forms_of
from esser_gap.model.source import Source
from esser_gap.read.files import DOCUMENT_ENDINGS, read_bytes
from esser_gap.read.values import is_blank
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from esser_gap.model.budget import InputFile
    from esser_gap.model.template import Template
    from esser_gap.read.yaml_documents import Document


USE, WITH = "use", "with"
"""Keys of a source that name its template and hold the parameters."""


def is_use(values: Mapping[str, Any]) -> bool:
    """Tell whether a source names a template.

    Args:
        values: Raw values by key.
    """
    return not is_blank(values.get(USE))


class Templates:
    """Finds templates by name, or by a file beside the one that uses them."""

    def __init__(self, folder: Path | None = None) -> None:
        """Look for files in a folder; left out: the working directory."""
        self._folder = folder
        self.files: list[InputFile] = []

    def find(self, name_or_path: str, where: Where) -> Template:
        """Read one template.

        Args:
            name_or_path: Name of one that comes with the program, or a YAML file.
            where: Where it is used.

        Raises:
            InputError: When it cannot be found, or with everything wrong in it.
        """
        if not name_or_path.endswith(DOCUMENT_ENDINGS):
            return _shipped(_known(name_or_path, where))
        file = read_bytes(Path(name_or_path) if self._folder is None else self._folder / name_or_path)
        known = file.as_input("template")
        if known not in self.files:
            self.files.append(known)
        return template_from_document(parse_yaml(file.content.decode("utf-8-sig", errors="replace"), file.name))


def template_names() -> list[str]:
    """List the names of the templates that come with the program."""
    folder = files("esser_gap") / "data" / "templates"
    return sorted(Path(file.name).stem for file in folder.iterdir() if file.name.endswith(DOCUMENT_ENDINGS))


def shipped_templates() -> tuple[Template, ...]:
    """Read all templates that come with the program, by name."""
    return tuple(_shipped(name) for name in template_names())


def template_text(name_or_path: str) -> str:
    """Give a template's file as it stands, to be copied and edited.

    Args:
        name_or_path: Name of one that comes with the program, or a YAML file.

    Raises:
        InputError: When it cannot be found.
    """
    if name_or_path.endswith(DOCUMENT_ENDINGS):
        return read_bytes(Path(name_or_path)).content.decode("utf-8-sig", errors="replace")
    return _shipped_text(_known(name_or_path, Where()))


def folded_name(name: str) -> str:
    """Write a template's name as its file has it, however it is capitalised or joined.

    Examples:
        >>> folded_name("E-rate Category Two")
        'e-rate-category-two'
    """
    return "-".join(name.casefold().replace("_", " ").split())


def _known(name: str, where: Where) -> str:
    names = template_names()
    folded = folded_name(name)
    if folded in names:
        return folded
    message = f"there is no template called `{name}`"
    hint = choose_from(folded, names, "name a file that ends in .yaml")
    raise InputError([error("template-unknown", message, where=where, field="use", found=name, hint=hint)])


def _shipped_text(name: str) -> str:
    return (files("esser_gap") / "data" / "templates" / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def _shipped(name: str) -> Template:
    return template_from_document(parse_yaml(_shipped_text(name), f"{name}.yaml"))


# --- reading -----------------------------------------------------------------------------------


def template_from_document(document: Document) -> Template:
    """Read a template from a YAML document.

    Args:
        document: The document; without a `name`, the template is called like the file.

    Raises:
        InputError: With everything wrong in it.
    """
    # Few budgets use a template, and its records take a while to make.
    from pydantic import ValidationError

    from esser_gap.model.template import Template

    if not isinstance(document.value, dict):
        example = "`title:`, `parameters:`, `makes:` and so on"
        raise InputError([document.not_a_mapping((), "a template", example)])
    try:
        template = Template.model_validate({"name": Path(document.file).stem, **document.value})
    except ValidationError as problems:
        found = [_wrong(document, tuple(one["loc"]), _said(one["type"], one["msg"])) for one in problems.errors()]
        raise InputError(found) from None
    found = list(_contradictions(document, template))
    if found:
        raise InputError(found)
    return template


def _said(kind: str, message: str) -> str:
    if kind == "missing":
        return "is missing"
    return "is not known here" if kind == "extra_forbidden" else f"cannot be taken ({message[:1].lower()}{message[1:]})"


def _wrong(document: Document, path: tuple[str | int, ...], what: str) -> Issue:
    name = ".".join(map(str, path))
    hint = "`esser-gap sources show NAME --yaml` prints a template to compare with"
    message = f"`{name}` of the template {what}"
    return error("template-not-understood", message, where=document.where(path), field=name, hint=hint)


def _contradictions(document: Document, template: Template) -> Iterator[Issue]:
    """Find steps that do nothing or two things, and parameters that are called like fields of a source."""
    from esser_gap.model.template import OPERATIONS

    for place, step in enumerate(template.steps):
        count = sum(getattr(step, name) is not None for name in OPERATIONS)
        if count != 1:
            yield _wrong(document, ("steps", place), f"has {count} of {', '.join(OPERATIONS)}, and not one")
    for place, parameter in enumerate(template.parameters):
        if parameter.name in forms_of(Source):
            yield _wrong(
                document, ("parameters", place, "name"), f"is `{parameter.name}`, which is a field of a source"
            )
    for number, made in enumerate(template.makes):
        for name in made.fields:
            if name not in forms_of(Source):
                yield _wrong(document, ("makes", number, "fields", name), "is no field of a source")
