"""The calls of a look-up: at the same time, shared, paused, and silent about secrets."""

import copy
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache.backends.base import BaseCache

from tests.lookups.conftest import ACCOUNT, account_at, ask
from tests.support import faulty
from tests.support.faulty import Platform, after, in_turn, says, serving
from tests.support.moments import NOON
from wizard.lookups import breaker, platform
from wizard.lookups.base import ALL_CALLS, LookupFailed, Subject
from wizard.lookups.breaker import Breaker
from wizard.lookups.shared import Shared

pytestmark = pytest.mark.server

APPS = [{"app_key": "a", "status": "LAUNCHED"}]


def applications(url, **options):
    (call,) = ask(account_at(url), names=["applications"], **options)
    return call


# --- at the same time -----------------------------------------------------------------------------


def test_independent_calls_are_made_at_the_same_time():
    with serving(after(0.3, Platform(apps=APPS))) as server:
        started = time.monotonic()
        calls = ask(account_at(server.url, package_service_type="sms"))
        assert time.monotonic() - started < 1.0
    assert [call.name for call in calls] == list(ALL_CALLS)
    assert [call.failure for call in calls] == [None] * 5


def test_a_slow_call_does_not_take_the_others_along(log):
    def slow_in_templates(server, connection, asked):
        behaviour = faulty.hangs if "templates" in asked.path else Platform(apps=APPS)
        behaviour(server, connection, asked)

    with serving(slow_in_templates) as server:
        calls = {call.name: call for call in ask(account_at(server.url), budget=0.7)}
    assert calls["templates"].failure.reason == "timeout"
    assert calls["templates"].seconds >= 0.6
    assert calls["applications"].findings[0].value == "LAUNCHED"
    assert len(log()) == 1


def test_only_the_wanted_calls_are_made():
    with serving(Platform()) as server:
        calls = ask(account_at(server.url), names=["balance", "signatures"])
    assert [call.name for call in calls] == ["signatures", "balance"]
    assert len(server.asked) == 2


def test_no_call_is_no_answer():
    assert ask(ACCOUNT, names=[]) == []


def test_more_calls_than_may_run_wait_within_their_time(monkeypatch, log):
    monkeypatch.setattr(platform, "_slots", threading.BoundedSemaphore(1))
    with serving(after(0.1, Platform(apps=APPS))) as server:
        calls = ask(account_at(server.url))
        assert [call.failure for call in calls] == [None] * 5
    with serving(faulty.hangs) as server:
        calls = ask(account_at(server.url), budget=0.3)
    assert {call.failure.reason for call in calls if call.name != "packages"} == {"timeout"}
    assert len(log()) == len([call for call in calls if call.failure])


def test_late_threads_end_and_give_their_place_back(monkeypatch):
    slots = threading.BoundedSemaphore(3)
    monkeypatch.setattr(platform, "_slots", slots)
    with serving(faulty.drips_its_head) as server:
        for _ in range(3):
            ask(account_at(server.url), names=["applications", "templates"], budget=0.2)
        for _ in range(3):
            assert slots.acquire(timeout=2)


def test_a_system_without_threads_is_a_failed_call(monkeypatch):
    def none_left(self):
        raise RuntimeError("can't start new thread")

    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(platform, "_slots", slots)
    monkeypatch.setattr(threading.Thread, "start", none_left)
    calls = ask(ACCOUNT, names=["applications", "templates"])
    assert {call.failure.reason for call in calls} == {"timeout"}
    assert slots.acquire(blocking=False)


def test_an_error_of_ours_is_one_failed_call(monkeypatch, log):
    def broken(*_):
        raise RuntimeError(f"with {ACCOUNT.secret_key}")

    monkeypatch.setattr(platform.calls, "fetch", broken)
    (call,) = ask(ACCOUNT, names=["applications"])
    assert call.failure.reason == "unreadable"
    assert call.failure.detail == "unexpected RuntimeError"
    assert ACCOUNT.secret_key not in "".join(log())


# --- shared answers -------------------------------------------------------------------------------


def test_ten_agents_on_one_incident_make_one_call(cache):
    with serving(after(0.3, Platform(apps=APPS))) as server, ThreadPoolExecutor(10) as threads:
        asking = [
            threads.submit(applications, server.url, cache=cache, cache_seconds=10)
            for _ in range(10)
        ]
        calls = [one.result() for one in asking]
    assert len(server.asked) == 1
    assert {call.findings[0].value for call in calls} == {"LAUNCHED"}


def test_those_who_wait_share_a_failure_too(cache):
    with serving(after(0.3, says({}, 403))) as server, ThreadPoolExecutor(10) as threads:
        asking = [
            threads.submit(applications, server.url, cache=cache, cache_seconds=10)
            for _ in range(10)
        ]
        calls = [one.result() for one in asking]
    assert len(server.asked) == 1
    assert {call.failure.reason for call in calls} == {"refused"}


def test_who_waits_for_another_does_not_wait_too_long(cache, log):
    with serving(faulty.hangs) as server, ThreadPoolExecutor(1) as threads:
        first = threads.submit(applications, server.url, cache=cache, cache_seconds=10, budget=2)
        while not server.asked:
            time.sleep(0.01)
        started = time.monotonic()
        second = applications(server.url, cache=cache, cache_seconds=10, budget=0.3)
        assert time.monotonic() - started < 1.5
        assert second.failure.reason == "timeout"
        assert first.result().failure.reason == "timeout"
    assert len(server.asked) == 1


def test_a_shared_answer_keeps_the_time_at_which_it_was_given(cache):
    later = NOON + timedelta(seconds=5)
    with serving(Platform(apps=APPS)) as server:
        applications(server.url, cache=cache, cache_seconds=10)
        call = applications(server.url, cache=cache, cache_seconds=10, clock=lambda: later)
    assert len(server.asked) == 1
    assert call.observed_at == call.findings[0].observed_at == NOON


def test_without_seconds_nothing_is_shared(cache):
    with serving(Platform(apps=APPS)) as server:
        for _ in range(3):
            applications(server.url, cache=cache, cache_seconds=0)
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("name", "first", "second", "asked"),
    [
        ("templates", Subject(template_id="1"), Subject(template_id="2"), 2),
        ("templates", Subject(template_id="1"), Subject(template_id="1", app_key="a"), 1),
        ("applications", Subject(app_key="a"), Subject(app_key="b"), 2),
        ("signatures", Subject(channel_number="1"), Subject(signature_id="1"), 2),
        ("balance", Subject(app_key="a"), Subject(app_key="b"), 1),
    ],
)
def test_an_answer_is_shared_by_those_who_ask_the_same(cache, name, first, second, asked):
    with serving(Platform(apps=APPS)) as server:
        for subject in (first, second):
            ask(account_at(server.url), subject, names=[name], cache=cache, cache_seconds=10)
    assert len(server.asked) == asked


@pytest.mark.parametrize("field", ["access_key", "project_id", "mode"])
def test_an_answer_is_never_shared_between_accounts(cache, field):
    with serving(Platform()) as server:
        account = account_at(server.url)
        for one in (account, replace(account, **{field: "2"})):
            ask(one, names=["balance"], cache=cache, cache_seconds=10)
    assert len(server.asked) == 2


class Away(BaseCache):
    """A cache whose server is gone."""

    def __init__(self):
        super().__init__({})

    def _gone(self, *_, **__):
        raise ConnectionError("redis://:password@cache.example")

    get = add = set = incr = delete = _gone


def test_without_the_cache_a_look_up_works(log):
    with serving(Platform(apps=APPS)) as server:
        call = applications(server.url, cache=Away(), cache_seconds=10)
        applications(server.url, cache=Away(), cache_seconds=10)
    assert call.findings[0].value == "LAUNCHED"
    assert log() == ["look-ups go on without the cache: ConnectionError"]


class Hanging(Away):
    """One that takes long to notice it."""

    def _gone(self, *_, **__):
        time.sleep(0.6)
        raise TimeoutError

    get = add = set = incr = delete = _gone


def test_a_cache_that_hangs_does_not_hold_up_a_look_up(log):
    with serving(Platform(apps=APPS)) as server:
        started = time.monotonic()
        call = applications(server.url, cache=Hanging(), cache_seconds=10, budget=0.3)
        assert time.monotonic() - started < 2
        assert call.failure.reason == "timeout"
        time.sleep(0.6)
        call = applications(server.url, cache=Hanging(), cache_seconds=10, budget=0.3)
        assert call.findings[0].value == "LAUNCHED"


def test_the_site_has_a_cache_for_it(settings):
    settings.LOOKUP_CACHE_SECONDS = 10
    with serving(Platform(apps=APPS)) as server:
        for _ in range(2):
            ask(account_at(server.url), names=["applications"], cache="site", cache_seconds=None)
    assert len(server.asked) == 1


# --- the circuit breaker --------------------------------------------------------------------------


def test_a_platform_that_fails_again_and_again_is_left_alone(cache, log):
    with serving(says({}, 429)) as server:
        reasons = [applications(server.url, cache=cache).failure.reason for _ in range(7)]
    assert reasons == ["busy"] * 5 + ["paused"] * 2
    assert len(server.asked) == 5
    assert len(log()) == 7


def test_the_other_side_of_the_platform_is_asked_on(cache):
    with serving(says({}, 429)) as broken, serving(Platform()) as sound:
        account = replace(account_at(sound.url), management_url=broken.url)
        for _ in range(6):
            calls = ask(account, names=["applications", "balance"], cache=cache)
    assert calls[0].failure.reason == "paused"
    assert calls[1].failure is None


def test_what_one_request_did_wrong_does_not_open_the_breaker(cache):
    with serving(says({}, 403)) as server:
        reasons = {applications(server.url, cache=cache).failure.reason for _ in range(7)}
    assert reasons == {"refused"}


def test_after_the_pause_one_call_tries_and_closes_it(cache, monkeypatch):
    now = time.time()
    with serving(in_turn(*[says({}, 429)] * 5, Platform(apps=APPS))) as server:
        for _ in range(5):
            applications(server.url, cache=cache)
        assert applications(server.url, cache=cache).failure.reason == "paused"
        monkeypatch.setattr(time, "time", lambda: now + breaker.PAUSE_SECONDS + 1)
        for _ in range(3):
            assert applications(server.url, cache=cache).failure is None
    assert len(server.asked) == 8


def test_a_trial_that_fails_pauses_again(cache, monkeypatch):
    now = time.time()
    with serving(says({}, 429)) as server:
        for _ in range(5):
            applications(server.url, cache=cache)
        monkeypatch.setattr(time, "time", lambda: now + breaker.PAUSE_SECONDS + 1)
        reasons = [applications(server.url, cache=cache).failure.reason for _ in range(3)]
    assert reasons == ["busy", "paused", "paused"]


def test_only_one_call_tries_at_a_time(cache, monkeypatch):
    first, second = (Breaker(Shared(cache), "account", "host") for _ in range(2))
    for _ in range(breaker.FAILURES):
        first.ended(LookupFailed("timeout"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + breaker.PAUSE_SECONDS + 1)
    first.refuse_if_open()
    with pytest.raises(LookupFailed, match="paused"):
        second.refuse_if_open()
    first.ended(None)
    second.refuse_if_open()


@pytest.mark.parametrize(("apart", "opens"), [(14, True), (16, False)])
def test_failures_count_within_a_minute(cache, monkeypatch, apart, opens):
    one = Breaker(Shared(cache), "account", "host")
    now = time.time()
    for place in range(breaker.FAILURES):
        monkeypatch.setattr(time, "time", lambda place=place: now + place * apart)
        one.ended(LookupFailed("timeout"))
    paused = False
    try:
        one.refuse_if_open()
    except LookupFailed:
        paused = True
    assert paused == opens


def test_an_answer_at_hand_is_given_during_the_pause(cache):
    options = {"cache": cache, "cache_seconds": 60}
    with serving(in_turn(Platform(apps=APPS), says({}, 429))) as server:
        assert applications(server.url, **options).failure is None
        for key in "bcdefgh":
            (call,) = ask(
                account_at(server.url), Subject(app_key=key), names=["applications"], **options
            )
        assert call.failure.reason == "paused"
        assert applications(server.url, **options).failure is None


# --- secrets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour",
    [
        Platform(apps=APPS, debt="12.34"),
        says({"error_code": "APIGW.0301", "error_msg": "SK-KNOWN-TO-TESTS"}, 401),
        says({"results": [{"status": "SK-KNOWN-TO-TESTS" * 9}]}),
        faulty.closes_in_the_body,
        faulty.hangs,
    ],
)
def test_secrets_and_numbers_never_come_out(behaviour, cache, caplog, capfd):
    caplog.set_level("DEBUG")
    subject = Subject(
        app_key="APP-KNOWN", channel_number="8613800000000", template_id="TEMPLATE-KNOWN"
    )
    with serving(behaviour) as server:
        account = account_at(server.url, package_service_type="sms")
        calls = ask(account, subject, cache=cache, cache_seconds=10, budget=0.7)
    assert any(b"SDK-HMAC" in asked.headers["authorization"].encode() for asked in server.asked)
    ours = [r for r in caplog.records if r.name.startswith("wizard")]
    seen = [record.getMessage() for record in ours]
    seen += [record.exc_text or "" for record in caplog.records]
    seen += [repr(account), str(account), repr(calls), *capfd.readouterr()]
    seen += [repr(key) + repr(value) for key, value in cache._cache.items()]
    for call in calls:
        if call.failure:
            seen.append("".join(traceback.format_exception(call.failure)))
            seen.append(repr(copy.copy(call.failure)))
    text = "\n".join(seen)
    for secret in (
        "SK-KNOWN-TO-TESTS",
        "AK-KNOWN-TO-TESTS",
        "8613800000000",
        "TEMPLATE-KNOWN",
        "APP-KNOWN",
        "12.34",
        "Signature=",
    ):
        assert secret not in text


def test_a_failure_survives_the_way_through_the_cache():
    failure = copy.copy(LookupFailed("refused", "HTTP 403", permanent=True))
    assert (failure.reason, failure.detail, failure.permanent) == ("refused", "HTTP 403", True)
    assert str(failure) == "refused (HTTP 403)"
    assert str(LookupFailed("busy")) == "busy"
