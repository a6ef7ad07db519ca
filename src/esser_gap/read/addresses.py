"""Addresses of cells, as spreadsheets write them and as places counted from 0."""

from __future__ import annotations

from functools import cache


@cache
def letters(column: int) -> str:
    """Write a column's place, counted from 0, as a spreadsheet does.

    Examples:
        >>> letters(0), letters(27)
        ('A', 'AB')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column(name: str) -> int:
    """Give the place of a column, counted from 0, that a spreadsheet calls by letters.

    Examples:
        >>> column("A"), column("AB")
        (0, 27)
    """
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1


def address(row: int, column: int) -> str:
    """Write the address of a cell from its places, counted from 0.

    Examples:
        >>> address(0, 27)
        'AB1'
    """
    return f"{letters(column)}{row + 1}"
