"""The site: its settings, addresses and servers, and which version it is."""

__version__ = "0.2.0"
"""As the tag of the release and CHANGELOG.md have it. The pages and /healthz say it."""
