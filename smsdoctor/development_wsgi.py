"""The WSGI application of `make dev`: with what gunicorn's processes do beside their requests."""

from smsdoctor.gunicorn import begin
from smsdoctor.wsgi import application

__all__ = ["application"]

begin()
