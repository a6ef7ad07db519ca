"""The guardrails that come with the program."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from esser_gap.model.guardrails import Guardrails
from esser_gap.read.yaml_documents import parse_yaml


@cache
def shipped_guardrails() -> Guardrails:
    """Read the shipped guardrails."""
    text = (files("esser_gap") / "data" / "guardrails.yaml").read_text(encoding="utf-8")
    return Guardrails.model_validate(parse_yaml(text, "guardrails.yaml").value)
