"""A notice in, a mail out, through the server that the settings name.

RFC 5321 for the answers of the server: 4xx says later, 5xx says no.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from csvgate.delivery import Delivery
from csvgate.errors import PermanentError, TransientError, UsageError
from csvgate.loopback import is_loopback
from csvgate.report.advice import advice
from csvgate.telling.details import NO_DETAILS, Details
from csvgate.telling.notices import Notice, place, sentence

TIMEOUT_SECONDS = 10.0
SUBMISSION, SUBMISSION_OVER_TLS = 587, 465
LATER = range(400, 500)
SUBJECT_LENGTH = 200
WHOLE = "The receipt, with all messages and the values they speak of:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """Mail to a few people, or to the one whom a notice names; in plain text only to a server on this machine."""

    url: str = field(repr=False)
    sender: str
    recipients: Sequence[str]
    details: Details = NO_DETAILS

    def notify(self, notice: Notice) -> None:
        """The server has taken the mail for all recipients."""
        parts = urlsplit(self.url)
        try:
            with _connected(parts) as server:
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                refused = server.send_message(self._message(notice))
        except smtplib.SMTPRecipientsRefused as exc:
            raise _refusal(min(code for code, _ in exc.recipients.values())) from exc
        except smtplib.SMTPResponseException as exc:
            raise _refusal(exc.smtp_code) from exc
        except smtplib.SMTPNotSupportedError as exc:
            problem = "the mail server does not offer what is needed: STARTTLS, or a way to log in"
            raise PermanentError(problem) from exc
        except OSError as exc:
            problem = f"the mail server at {parts.hostname} does not answer: {type(exc).__name__}"
            raise TransientError(problem) from exc
        if refused:
            raise _refusal(min(code for code, _ in refused.values()))

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self.sender, notice.recipient or ", ".join(self.recipients)
        message["Subject"] = f"csvgate: {sentence(notice.delivery)}"[:SUBJECT_LENGTH]
        # The same for every repetition, so that mail clients show one.
        message["Message-ID"] = f"<{notice.dedup_id.replace(':', '.')}@csvgate>"
        message["Auto-Submitted"] = "auto-generated"
        # Lines may be long and not in ASCII, and not every server takes them as they are.
        message.set_content(self._text(notice.delivery), cte="quoted-printable")
        return message

    def _text(self, delivery: Delivery) -> str:
        found, link = advice(self.details.receipt(delivery)), self.details.whereabouts(delivery)
        told = [found, f"{WHOLE}\n{link}"] if found else [link]
        return "\n\n".join([sentence(delivery), place(delivery), *told]) + "\n"


def checked(url: str, sender: str, recipients: str, details: Details = NO_DETAILS) -> Mail:
    """The mail that the settings describe; UsageError if they do not."""
    parts = urlsplit(url)
    people = [each.strip() for each in recipients.split(",") if each.strip()]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not sender or not people:
        problem = "for mail, CSVGATE_SMTP_URL (smtp:// or smtps://), CSVGATE_MAIL_FROM and CSVGATE_MAIL_TO are needed"
        raise UsageError(problem)
    return Mail(url=url, sender=sender, recipients=people, details=details)


def _connected(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or ""
    trusted = ssl.create_default_context()
    if parts.scheme == "smtps":
        port = parts.port or SUBMISSION_OVER_TLS
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=trusted)
    server = smtplib.SMTP(host, parts.port or SUBMISSION, timeout=TIMEOUT_SECONDS)
    if not is_loopback(f"http://{parts.netloc.rpartition('@')[2]}"):
        server.starttls(context=trusted)
    return server


def _refusal(code: int) -> TransientError | PermanentError:
    problem = f"the mail server answered with {code}"
    return TransientError(problem) if code in LATER else PermanentError(problem)
