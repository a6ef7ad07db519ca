"""Scenarios found by name in a file, the budget, or the library that comes with the program."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from esser_gap.check.references import choose_from
from esser_gap.errors import InputError
from esser_gap.issues import Issue, error
from esser_gap.read.combining import Layer, combined
from esser_gap.read.files import DOCUMENT_ENDINGS, read_bytes
from esser_gap.read.scenario_documents import scenario_from_document
from esser_gap.read.scenario_settings import with_settings
from esser_gap.read.yaml_documents import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from esser_gap.check.selections import Selector
    from esser_gap.model.budget import InputFile
    from esser_gap.model.scenario import Scenario

BASELINE = "baseline"
"""The scenario that is used when none is named."""

AND = "+"
"""What parts the names of scenarios that are combined."""


def library_folder() -> Path:
    """Give the folder of the scenarios that come with the program."""
    packaged = Path(str(files("esser_gap") / "scenarios"))
    # A checkout keeps them at its top level; the wheel carries them inside the package.
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "scenarios"


def library_names() -> list[str]:
    """List the names of the scenarios that come with the program."""
    return sorted(path.stem for path in library_folder().glob("*.yaml"))


def parts_of(name: str) -> list[str]:
    """Part what was typed into the names of scenarios to combine.

    Args:
        name: A name, a path, or several with `+` between them.

    Examples:
        >>> parts_of("austerity+enrollment-decline"), parts_of("mine.yaml")
        (['austerity', 'enrollment-decline'], ['mine.yaml'])
    """
    return [part.strip() for part in name.split(AND)]


class ScenarioLoader:
    """Finds scenarios by name or file, merges each with what it extends, and combines several."""

    def __init__(
        self,
        own: Sequence[Scenario] = (),
        *,
        settings: Sequence[str] = (),
        selector: Selector | None = None,
        last_wins: bool = False,
    ) -> None:
        """Know the budget, and what goes for every scenario.

        Args:
            own: Scenarios that stand in the budget itself.
            settings: What is laid over every scenario, as `with_settings` takes it.
            selector: Finds what two selections have in common in the budget.
            last_wins: Whether of combined scenarios that set the same thing differently the last one holds.
        """
        self._own = {scenario.name: scenario for scenario in own}
        self._settings, self._selector, self._last_wins = settings, selector, last_wins
        self.files: list[InputFile] = []

    def load(self, name: str) -> Scenario:
        """Load one scenario, merged with everything it extends, under the settings that go for every one.

        Args:
            name: A name, a path to a YAML file, or several of these with `+` between them, which are combined left
                to right; a name with a `+` of its own is found as it is.

        Raises:
            InputError: When one cannot be found or read, or extends itself, when two set the same thing differently,
                or when something is wrong with the settings.
        """
        parts = [name] if self._is_one(name) else parts_of(name)
        found, issues = list[list[Layer]](), list[Issue]()
        for part in parts:
            try:
                found.append(self._chain(part, None))
            except InputError as problem:
                issues.extend(problem.issues)
        if issues:
            raise InputError(list(dict.fromkeys(issues)))
        merged = combined(found, selector=self._selector, last_wins=self._last_wins)
        return with_settings(merged, self._settings)

    def merged(self, scenario: Scenario) -> Scenario:
        """Merge a scenario that was made in Python with everything it extends, under the settings for every one.

        Raises:
            InputError: When what it extends cannot be found or read, or something is wrong with the settings.
        """
        layer, extends = Layer("", scenario), scenario.extends
        merged = scenario if extends is None else combined([[*self._chain(extends, None, (layer,)), layer]])
        return with_settings(merged, self._settings)

    def _is_one(self, name: str) -> bool:
        is_file = name.endswith(DOCUMENT_ENDINGS) and Path(name).is_file()
        return AND not in name or is_file or name in self._own or name in library_names()

    def _chain(self, name: str, beside: Path | None, over: tuple[Layer, ...] = ()) -> list[Layer]:
        """List a scenario after everything that it extends."""
        layer, folder = self._find(name, beside, over)
        places = [known.place for known in over]
        if layer.place in places:
            circle = [*over[places.index(layer.place) :], layer]
            round_trip = " extends ".join(f"`{one.scenario.name}`" for one in circle)
            message = f"{round_trip}: scenarios extend each other in a circle"
            raise InputError([error("scenario-cycle", message, hint="take `extends` out of one of them")])
        extends = layer.scenario.extends
        return [*(self._chain(extends, folder, (*over, layer)) if extends is not None else ()), layer]

    def _find(self, name: str, beside: Path | None, over: tuple[Layer, ...]) -> tuple[Layer, Path | None]:
        """Look in this order: a file that is named, a file beside the one that extends it, the budget, the library.

        A scenario never extends itself: one called `baseline` that extends `baseline` means the next one found. What
        the library extends is looked for in the budget first, too, whose `baseline` takes the place of the shipped one.
        """
        passed = {over[-1].place} if over else set()
        if name.endswith(DOCUMENT_ENDINGS):
            path = Path(name) if beside is None or Path(name).is_absolute() else beside / name
            return self._read(path), path.parent
        sibling = None if beside is None else beside / f"{name}.yaml"
        if sibling is not None and sibling.is_file() and _place(sibling) not in passed:
            return self._read(sibling), beside
        if over and over[-1].place.startswith(_place(library_folder())):
            # So that one of the budget may extend one of the library that extends the shipped one of its own name.
            passed = {layer.place for layer in over}
        if name in self._own and name not in passed:
            return Layer(name, self._own[name]), None
        if name in library_names():
            return self._read(library_folder() / f"{name}.yaml"), None
        known = [*self._own, *library_names()]
        message = f"there is no scenario called `{name}`"
        hint = choose_from(name, known, "name a file that ends in .yaml")
        raise InputError([error("scenario-unknown", message, field="scenario", found=name, hint=hint)])

    def _read(self, path: Path) -> Layer:
        file = read_bytes(path)
        known = file.as_input("scenario")
        if known not in self.files:
            self.files.append(known)
        document = parse_yaml(file.content.decode("utf-8-sig", errors="replace"), file.name)
        return Layer(_place(path), scenario_from_document(document))


def _place(path: Path) -> str:
    """Name a file so that it is known again however it was found."""
    return str(path.resolve())
