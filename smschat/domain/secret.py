"""A value that must not be shown: masked wherever it is printed, and known to whoever cleans what is written out.

Only `reveal` gives it out; nothing formats, compares or stores it by accident.
"""

from __future__ import annotations

_MASK = "********"
_SHORTEST_KNOWN = 6  # a shorter one would blank out ordinary words wherever it occurs
_known: frozenset[str] = frozenset()


class Secret:
    """A secret of at least one character; its `repr` and `str` are a mask, and it cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        global _known  # noqa: PLW0603 - one process has one set of secrets; replaced whole, so that readers need no lock
        if not value:
            raise ValueError("a secret is not empty")
        self._value = value
        if len(value) >= _SHORTEST_KNOWN:
            _known |= {value}

    def __repr__(self) -> str:
        return f"Secret({_MASK!r})"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return format(_MASK, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac  # noqa: PLC0415 - loads what nothing else needs at start

        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")

    def reveal(self) -> str:
        """The value itself; for the request that needs it and nothing else."""
        return self._value


def masked(text: str) -> str:
    """The text with every secret of this process blanked out."""
    for value in _known:
        text = text.replace(value, _MASK)
    return text
