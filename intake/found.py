"""What was found in a message, by kind, and which parts of the text are spoken for."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Found:
    """Values by kind, in order, each once; spans already spoken for are not read again as something else."""

    values: dict[str, list[str]] = field(default_factory=dict)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, value: str, span: tuple[int, int] | None = None) -> None:
        """Keep `value` without the punctuation around it, and the span it was read from as taken."""
        value = value.strip().strip(",;:")
        if value and value not in self.values.setdefault(kind, []):
            self.values[kind].append(value)
        if span:
            self.taken.append(span)

    def free(self, span: tuple[int, int]) -> bool:
        """Whether nothing of the span is taken yet."""
        return all(span[1] <= start or span[0] >= end for start, end in self.taken)
