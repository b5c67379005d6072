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


def at(address: str) -> tuple[str, str]:
    """The guide that an address opens, and the node at which it begins."""
    parts = urlsplit(address)
    return parts.path.split("/")[2], dict(parse_qsl(parts.query))["at"]


def test_start_here_of_every_code_leads_as_a_text_with_the_code_does(guides):
    now = timezone.now()
    for guide in live.guides.values():
        for row in guide.catalogue.codes:
            entry = next(
                one for one in catalogue.find(row.prefix) if one.row.namespace == row.namespace
            )
            slug, start = at(entry.start_url)
            told = read(entry.asked, known=catalogue.is_known).evidence
            told_alone = walk(live.guides[slug], {}, told, now)
            if told_alone.answered and not row.is_family:
                begun = walk(live.guides[slug], {}, told, now, start=start)
                assert begun.place == told_alone.place, row.code


def test_an_accepted_call_starts_at_the_report_and_a_delivered_one_at_the_phone(guides):
    accepted, delivered = (catalogue.find(code)[0].start_url for code in ("000000", "DELIVRD"))
    assert at(accepted) == ("sms-not-received", "report")
    assert at(delivered) == ("sms-not-received", "phone-shows")


def test_a_text_of_another_provider_leaves_nothing_to_a_case(guides):
    reading = read(TEXTS["another provider"], known=catalogue.is_known)
    assert reading.provider == "twilio"
    assert not open_case(reading, now=timezone.now()).pasted


@pytest.mark.parametrize(
    ("text", "name", "meaning"),
    [
        (TEXTS["another provider"], "Twilio", "filtered"),
        (
            '{"msisdn":"447700900000","scts":"1","status":"failed","err-code":"9"}',
            "Vonage",
            "opted",
        ),
        ('{"Message":"x","Code":"isv.BUSINESS_LIMIT_CONTROL"}', "Alibaba", "Too many SMS"),
    ],
)
def test_the_box_names_another_provider_and_offers_nothing_of_huawei(
    text, name, meaning, client, guides
):
    page = client.post("/", {"text": text}, follow=True).content.decode()
    main = page.partition("<main")[2]
    assert name in main
    assert meaning in main
    # The door of whoever waits for an SMS is for everybody, whoever sends it.
    assert main.count("/guides/sms-not-received/?") == main.count("?what-happened=recipient")
    assert "/codes/9/" not in main
