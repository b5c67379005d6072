"""The shipped configuration of nginx."""

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "deploy/nginx.conf").read_text()


def test_no_location_loses_the_headers_that_all_requests_are_sent_with():
    # nginx inherits them only where a location sets none of its own.
    locations = re.findall(r"location [^{]*\{(.*?)\n    \}", TEXT, re.DOTALL)
    assert len(locations) == 2
    assert not [one for one in locations if "proxy_set_header" in one]


def test_the_proxy_sets_all_that_the_site_believes_of_it():
    for name in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Original-Connection"):
        assert f"    proxy_set_header {name} $" in TEXT
    assert "underscores_in_headers off;" in TEXT
    assert "access_log off;" in TEXT
