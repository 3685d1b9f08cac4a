"""The live page: a program is typed, and its picture, lesson and files follow, for one person or a class.

Enters: `Settings`. Leaves: an ASGI application (`application`), and `run`, which serves it. Programs are
worked on in processes that can be killed; nothing of them is kept but a cache in memory.
"""

from __future__ import annotations

from .settings import Settings

__all__ = ["Settings"]
