"""What each process of the server loads: the site, and its work beside the requests."""

from smsdoctor.server import begin
from smsdoctor.wsgi import application

__all__ = ["application"]

begin()
