"""Personal data in datasets, text and logs.

`scrub` and `PersonalDataFilter` are the public interface for applications; importing them imports nothing heavy.
"""

from __future__ import annotations

from checkov_aiml.pii.scrubbing import PersonalDataFilter, scrub

__all__ = ["PersonalDataFilter", "scrub"]
