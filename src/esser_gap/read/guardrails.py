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
    values = parse_yaml(text, "guardrails.yaml").value
    return Guardrails.model_validate({**values, "as_of": str(values["as_of"])})
