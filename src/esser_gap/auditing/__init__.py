"""Auditing a workbook: whether people can read, hear and print it, and whether it does what nobody expects."""
