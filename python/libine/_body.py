"""A body that comes in parts: it prints as its size only, in a frame that an exception leaves too."""

from __future__ import annotations


class Body:
    """The parts of a body up to a limit; one byte over it is enough to be refused."""

    __slots__ = ("_parts", "limit", "size")

    def __init__(self, limit: int) -> None:
        self._parts: list[bytes] = []
        self.limit = limit
        self.size = 0

    def is_full(self, part: bytes) -> bool:
        """Takes a part; whether no more is wanted."""
        try:
            self._parts.append(part)
            self.size += len(part)
            return self.size > self.limit
        finally:
            del part

    def whole(self) -> bytes:
        return b"".join(self._parts)

    def __repr__(self) -> str:
        return f"<{self.size} bytes>"
