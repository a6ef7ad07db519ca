"""Where a record stood in the user's files, so that every figure leads back to a cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from esser_gap.issues import Where


@dataclass(frozen=True, slots=True)
class Origin:
    """The rows a record was read from.

    Attributes:
        file: The file's name.
        sheet: The sheet's name, blank for a text file or YAML.
        rows: Row numbers as a spreadsheet shows them; several where rows were summed.
        columns: Column letters by field, shared by all records of a table.
    """

    file: str = ""
    sheet: str = ""
    rows: tuple[int, ...] = ()
    columns: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def where(self, name: str = "") -> Where:
        """Name the cell of a field, or the row when the field has no column."""
        if not self.rows:
            return Where(self.file, self.sheet)
        letters = self.columns.get(name, "")
        several = self.rows if len(self.rows) > 1 else ()
        if letters:
            return Where(self.file, self.sheet, f"{letters}{self.rows[0]}", several)
        # YAML has lines and no sheets.
        return Where(self.file, self.sheet, f"{'row' if self.sheet else 'line'} {self.rows[0]}", several)

    def described(self, name: str = "") -> str:
        """Name every cell of a field, or every row when the field has no column, where rows were summed."""
        if len(self.rows) < 2:  # noqa: PLR2004 - several
            return str(self.where(name))
        letters = self.columns.get(name, "")
        cells = ", ".join(f"{letters}{row}" for row in self.rows)
        return f"{Where(self.file, self.sheet)}, {'cells' if letters else 'rows'} {cells}"
