#!/bin/sh
# Find or install a Chromium for the browser tests. Says clearly what it could not do; never fails:
# the tests themselves then say that they were skipped (or fail, where REQUIRE_BROWSER is set).
bin=$1

command -v chromium-headless-shell >/dev/null 2>&1 && exit 0

# The same browser without its windows shows a page with a third of the work, so where it can be had as
# simply as this, it is asked for once, also beside another Chromium.
asked=$(dirname "$bin")/headless-shell.asked
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && [ ! -e "$asked" ]; then
    touch "$asked"
    if apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        echo "Installing chromium-headless-shell, in which the browser tests are quicker ..."
        DEBIAN_FRONTEND=noninteractive timeout 180 apt-get install -y -qq --no-upgrade --no-remove \
            -o Acquire::Retries=0 -o Acquire::http::Timeout=10 chromium-headless-shell >/dev/null 2>&1 && exit 0
    fi
fi

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done

"$bin/python" -c '
import pathlib
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    raise SystemExit(not pathlib.Path(playwright.chromium.executable_path).exists())
' 2>/dev/null && exit 0

echo "No Chromium found. Installing one for the browser tests ..."
timeout 600 "$bin/playwright" install chromium >/dev/null 2>&1 && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null 2>&1
    for name in chromium-headless-shell chromium; do
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$name" >/dev/null 2>&1 && exit 0
    done
fi

echo "Could not install Chromium: the browser tests will be skipped."
echo "Install it by hand (for instance: apt-get install chromium) and run make test again."
