"""The pytest plugin: `ine_sandbox`, a fresh sandbox for each test, offline and in process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .testing import Sandbox


@pytest.fixture
def ine_sandbox() -> Iterator[Sandbox]:
    """The vendor's API in process: .client(), .person(scenario), .credentials, .deliver_to(url)."""
    with Sandbox() as sandbox:
        yield sandbox
