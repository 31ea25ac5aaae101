"""What a worker does apart from any visitor: finds what is new, and sends what waits.

Tasks carry no arguments, and let no error through that a mail server caused: both would be kept
in the table of tasks, with addresses in them.
"""

from django.tasks import task


@task()
def send_mails() -> None:
    """Only what waits already: a question to somebody who has just asked."""
    from participation import outbox

    outbox.send_waiting()


@task()
def send_alerts() -> None:
    """All there is to do: news found in the ledger, put into mails, and sent."""
    from participation import alerts, outbox

    alerts.find()
    alerts.gather()
    alerts.write_to_staff()
    outbox.send_waiting()


def send_soon() -> None:
    send_mails.enqueue()


def look_soon() -> None:
    send_alerts.enqueue()
