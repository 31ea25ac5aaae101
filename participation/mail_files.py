"""A mailer for the demonstration: each mail becomes a file that any mail program opens."""

import datetime as dt
import os
import uuid

from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    def open(self):
        return False  # a file for each mail, not for each connection

    def write_message(self, message):
        name = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}"
        draft = os.path.join(self.file_path, f".{name}")
        with open(draft, "wb") as file:
            file.write(message.message().as_bytes())
        os.replace(draft, os.path.join(self.file_path, f"{name}.eml"))

    def send_messages(self, email_messages):
        for message in email_messages:
            self.write_message(message)
        return len(email_messages)
