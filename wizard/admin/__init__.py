"""Authoring: the guide and the catalogue in Django admin. Importing a module registers it."""

from wizard.admin import cases, codes, flags, guide, handover, log, nodes, publication

__all__ = ["cases", "codes", "flags", "guide", "handover", "log", "nodes", "publication"]
