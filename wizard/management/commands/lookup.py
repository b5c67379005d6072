"""What the platform says about the account, and the stored status reports of a message."""

from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wizard.engine.evidence import Finding
from wizard.lookups import accounts
from wizard.lookups.base import CallResult, Subject
from wizard.lookups.platform import look_up
from wizard.models import StatusReport

_SUBJECT = {
    "app_key": "key of the application",
    "channel_number": "channel number of the signature, `from` in the send request",
    "signature_id": "ID of the signature",
    "template_id": "ID of the template",
}
_SOURCES = {"1": "the platform's own", "2": "the carrier's", "3": "from inside the platform"}


class Command(BaseCommand):
    help = (
        "Ask the SMS platform about the account of this site, and show what each call says, how "
        "long it takes and why it fails. With a message ID, its stored status reports come first."
    )

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument("what", help="`account`, or a message ID (smsMsgId)")
        parser.add_argument(
            "--budget", type=_seconds, help="seconds for all calls together (LOOKUP_BUDGET_SECONDS)"
        )
        for name, meaning in _SUBJECT.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help=meaning)

    def handle(self, *args: object, what: str, budget: float | None, **options: str) -> None:
        if what != "account":
            self._print(_reports(what))
        account = accounts.own_account()
        if account is None:
            self.stdout.write(
                "No account at the SMS platform is configured: HUAWEI_ACCESS_KEY, "
                "HUAWEI_SECRET_KEY and HUAWEI_PROJECT_ID are not set. Nothing was asked."
            )
            return
        calls = look_up(
            account,
            Subject(**{name: options[name] for name in _SUBJECT}),
            names=accounts.calls(),
            budget=budget or accounts.budget(),
            clock=timezone.now,
            cache=None,  # what it says now; nor does a pause after failures hide why it fails
        )
        for call in calls:
            self._print(_lines(call))
        failed = [call.name for call in calls if call.failure is not None]
        if failed:
            raise CommandError(f"{len(failed)} of {len(calls)} calls failed: {', '.join(failed)}.")

    def _print(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.stdout.write("".join(c if c.isprintable() else "?" for c in line))


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 60:
        raise ValueError
    return seconds


def _lines(call: CallResult) -> Iterator[str]:
    """One line on the call, and one for each finding."""
    said = f"FAILED: {call.failure}" if call.failure else call.note
    yield f"{call.name:12} {call.seconds:5.2f} s  {said}"
    for finding in call.findings:
        yield f"{'':22}{finding.fact} = {_value(finding)}  ({finding.source})"


def _value(finding: Finding) -> str:
    if finding.is_empty:
        return "not there"
    if isinstance(finding.value, bool):
        return "yes" if finding.value else "no"
    return str(finding.value)


def _reports(message_id: str) -> Iterator[str]:
    reports = list(StatusReport.objects.of_message(message_id))
    if not reports:
        yield "No status report of this message is stored."
    for report in reports:
        yield (
            f"part {report.sequence} of {report.total}: {report.status or 'no status'}, "
            f"source {report.source or '?'} ({_SOURCES.get(report.source, 'not known')}), "
            f"time of the platform {report.update_time or 'none'}, "
            f"received {report.received_at:%Y-%m-%d %H:%M:%S %Z}, "
            f"to {report.recipient_masked or 'not said'}"
        )
