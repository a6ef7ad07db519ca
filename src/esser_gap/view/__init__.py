"""The views: what is shown of a projection, as neutral tables that terminal and workbook both draw."""
