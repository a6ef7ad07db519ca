"""Settings for every test: the same random examples in every run, so that a change and not chance makes one fail."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.load_profile("same")
