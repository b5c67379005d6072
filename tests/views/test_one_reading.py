"""One reading, one way: at every door the same text, or the same code, leads to the same place."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from tests.support import shipped
from wizard import sample_messages
from wizard.cases.opening import open_case
from wizard.desk.search import find
from wizard.engine.fitting import fit
from wizard.engine.walk import walk
from wizard.pasted.reader import read
from wizard.published import catalogue
from wizard.published.live import live

pytestmark = pytest.mark.django_db

TEXTS = {
    "refused as a whole": '{"code":"E000101","description":"x"}',
    "one number refused": '{"code":"E000510","result":[{"originTo":"1380","status":"E200028"}]}',
    "a name that is not found": "java.net.UnknownHostException: smsapi.example",
    "a time-out and no more": "timeout",
    "beside Chinese": "报错E200030怎么办",
    "another provider": "twilio says (30007)",
}


@pytest.fixture
def guides():
    shipped.publish()


def best(evidence, now):
    return max(live.guides.values(), key=lambda guide: fit(guide, evidence, now))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_box_desk_and_case_read_a_text_alike(text, guides):
    now = timezone.now()
    reading = read(text, known=catalogue.is_known)
    assert find(text).reading == reading
    case = open_case(reading, now=now)
    assert case.publication.guide.slug == best(reading.evidence, now).slug


@pytest.mark.parametrize("sample", sample_messages.SAMPLES, ids=lambda sample: sample.key)
def test_a_sample_is_read_alike_at_the_box_and_at_the_desk(sample, guides):
    text = sample.text(timezone.now())
    assert find(text).reading == read(text, known=catalogue.is_known)


def test_start_here_of_every_code_leads_as_a_text_with_the_code_does(guides):
    now = timezone.now()
    for guide in live.guides.values():
        for row in guide.catalogue.codes:
            entry = next(
                one for one in catalogue.find(row.prefix) if one.row.namespace == row.namespace
            )
            _, _, path, query, _ = urlsplit(entry.start_url)
            told = read(entry.asked, known=catalogue.is_known).evidence
            walked = walk(live.guides[path.split("/")[2]], {}, told, now).answered
            expected = {step.key: step.value for step in walked}
            if expected and not row.is_family:
                assert dict(parse_qsl(query)) == expected, row.code


def test_an_accepted_call_starts_at_the_report_and_a_delivered_one_at_the_phone(guides):
    accepted, delivered = (catalogue.find(code)[0].start_url for code in ("000000", "DELIVRD"))
    assert accepted.endswith("?what-happened=accepted")
    assert delivered.endswith("?what-happened=accepted&report=delivered")


def test_a_text_of_another_provider_leaves_nothing_to_a_case(guides):
    reading = read(TEXTS["another provider"], known=catalogue.is_known)
    assert reading.provider == "twilio"
    assert not open_case(reading, now=timezone.now()).pasted
