"""A company's documents held against the law: what stands in them that the law does not bear, and what is missing."""

from knowledge.lint.check import lint
from knowledge.lint.finding import Clause, Finding
from operators.register import Severity

__all__ = ["Clause", "Finding", "Severity", "lint"]
