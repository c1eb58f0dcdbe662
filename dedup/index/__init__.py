"""The persistent index: documents that were seen, and what is decided about new ones."""

from .decision import Decision, Policy
from .gate import Gate
from .index import Index

__all__ = ["Decision", "Gate", "Index", "Policy"]
