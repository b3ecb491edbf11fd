"""Messages as mail servers send them when they could not deliver one of ours, cut down to what they differ in."""

from registration.mail import identity
from registration.mail.message import message_id

UNKNOWN = "550 5.1.1 <{to}>: Recipient address rejected: User unknown"


def postfix(mail, *, action="failed", status="5.1.1", diagnostic=UNKNOWN, final="", original="", came_to="",
            sent_back="", name="delivery-status", encoded=""):  # fmt: skip
    """A report in the form of RFC 3464. `came_to` is the address it was sent to, `sent_back` the headers inside."""
    to = mail.to
    told = "\n".join(
        line
        for line in (
            f"Final-Recipient: rfc822; {final or to}",
            f"Original-Recipient: rfc822; {original}" if original else "",
            f"Action: {action}",
            f"Status: {status}",
            "Remote-MTA: dns; mx.example.org",
            f"Diagnostic-Code: smtp; {diagnostic.format(to=to)}" if diagnostic else "",
        )
        if line
    )
    body = encoded or f"Reporting-MTA: dns; mail.placard.example\nX-Postfix-Queue-ID: 4Xy1\n\n{told}\n"
    encoding = "Content-Transfer-Encoding: base64\n" if encoded else ""
    return f"""Return-Path: <>
Delivered-To: {came_to or "bounces@placard.example"}
Date: Mon, 1 Jan 2024 00:00:00 +0000 (UTC)
From: MAILER-DAEMON@mail.placard.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {came_to or "bounces@placard.example"}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XXXX"
Message-Id: <20240101000000.123@mail.placard.example>

This is a MIME-encapsulated message.

--XXXX
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--XXXX
Content-Description: Delivery report
Content-Type: message/{name}
{encoding}
{body}
--XXXX
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{sent_back or headers_of(mail)}

--XXXX--
""".encode()


def headers_of(mail, *, of=None):
    return f"""Message-ID: {of or message_id(mail)}
From: Meeting <no-reply@placard.example>
To: {mail.to}
Subject: We have your registration"""


def return_path(mail):
    return identity.return_path(mail)


def gmail(mail):
    return f"""Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: bounces@placard.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
X-Failed-Recipients: {mail.to}
In-Reply-To: {message_id(mail)}
Content-Type: multipart/report; boundary="a"; report-type=delivery-status

--a
Content-Type: multipart/related; boundary="b"

--b
Content-Type: text/plain; charset="UTF-8"

** Address not found **
Your message wasn't delivered because the address couldn't be found.

--b
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
--a
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 01 Jan 2024 00:00:00 -0800 (PST)
X-Original-Message-ID: {message_id(mail)}

Final-Recipient: rfc822; {mail.to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos. gsmtp

--a
Content-Type: message/rfc822

{headers_of(mail)}

Hello
--a--
""".encode()


def office365(mail):
    """Addresses in angle brackets, the status only in the long diagnostic, the message inside as message/rfc822."""
    return f"""From: <postmaster@outlook.com>
To: <bounces@placard.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="m"
X-MS-Exchange-Message-Is-Ndr:
Subject: Undeliverable: We have your registration
Auto-Submitted: auto-replied

--m
Content-Type: multipart/alternative; boundary="n"

--n
Content-Type: text/plain; charset="us-ascii"

Your message to {mail.to} couldn't be delivered.
--n
Content-Type: text/html; charset="us-ascii"

<html><body>Your message couldn't be delivered.</body></html>
--n--

--m
Content-Type: message/delivery-status

Reporting-MTA: dns;DB9PR.eurprd.prod.outlook.com
Received-From-MTA: dns;mail.placard.example
Arrival-Date: Mon, 1 Jan 2024 00:00:00 +0000

Final-Recipient: rfc822;<{mail.to}>
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--m
Content-Type: message/rfc822

Received: from x by y
{headers_of(mail)}
Content-Type: text/plain

Hello
--m--
""".encode()


def exim(mail, *, answer="550 5.1.1 User unknown"):
    return f"""Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.example.org>
To: bounces@placard.example
Auto-Submitted: auto-replied
X-Failed-Recipients: {mail.to}
Subject: Mail delivery failed: returning message to sender
Content-Type: text/plain

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {mail.to}
    host mx.example.org [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{mail.to}>:
    {answer}

------ This is a copy of the message, including all the headers. ------

{headers_of(mail)}

Hello
""".encode()


def qmail(mail, *, answer="Sorry, no mailbox here by that name. (#5.1.1)"):
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org
To: bounces@placard.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{mail.to}>:
{answer}

--- Below this line is a copy of the message.

{headers_of(mail)}

Hello
""".encode()


def old_exchange(mail):
    return f"""From: "System Administrator" <postmaster@example.org>
To: bounces@placard.example
Subject: Undeliverable: We have your registration
Content-Type: multipart/mixed; boundary="q"

--q
Content-Type: text/plain

Your message did not reach some or all of the intended recipients.

  'Litia' on 1/1/2024 00:00
    The e-mail account does not exist at the organization this message was sent to.
    <mx.example.org #5.1.1 smtp;550 5.1.1 no such user>
--q
Content-Type: message/rfc822

{headers_of(mail)}

Hello
--q--
""".encode()


def out_of_office(mail, *, empty_sender=True, subject="Automatic reply: We have your registration"):
    return f"""Return-Path: {"<>" if empty_sender else "<litia@example.org>"}
From: Litia <{mail.to}>
To: {return_path(mail) or "bounces@placard.example"}
Subject: {subject}
Auto-Submitted: auto-replied
In-Reply-To: {message_id(mail)}
References: {message_id(mail)}
Content-Type: text/plain

I am away until 5.1.2024 and cannot be reached. 550 colleagues are here instead.
""".encode()


def complaint(mail):
    return f"""From: <feedback@provider.example>
To: {return_path(mail) or "bounces@placard.example"}
Subject: Spam complaint
Content-Type: multipart/report; report-type=feedback-report; boundary="f"

--f
Content-Type: text/plain

This is an email abuse report.
--f
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: <{mail.to}>

--f
Content-Type: message/rfc822

{headers_of(mail)}

Hello
--f--
""".encode()
