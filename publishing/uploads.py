"""How much of an upload is read at all: decided before the body, and while it comes in."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from publishing import pdfs

STAFF = "/admin/"
MOST_FOR_STAFF = 64 * 1024 * 1024
MOST_FOR_OTHERS = 64 * 1024


class ReadNoMoreThanNeeded(FileUploadHandler):
    """First of the upload handlers. A visitor cannot fill the disk, and of a file that is too large
    only enough is kept to say so in words.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803
        most = MOST_FOR_STAFF if META.get("PATH_INFO", "").startswith(STAFF) else MOST_FOR_OTHERS
        if content_length > most:
            raise RequestDataTooBig("This request is larger than anything the site takes.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.left = pdfs.MAX_BYTES + 1

    def receive_data_chunk(self, raw_data, start):
        if self.left <= 0:
            return None
        kept = raw_data[: self.left]
        self.left -= len(kept)
        return kept

    def file_complete(self, file_size):
        return None
