"""Scenarios held against each other, and settings moved over a range."""
