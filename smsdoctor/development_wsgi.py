"""The WSGI application of `make dev`: with what the server's processes do beside their requests."""

from smsdoctor.server import begin
from smsdoctor.wsgi import application

__all__ = ["application"]

begin()
