from django.http import HttpResponse
from django.utils.http import content_disposition_header

from files.models import StoredFile


def download(file: StoredFile) -> HttpResponse:
    """The file to save: never opened within our pages, whatever its bytes are."""
    answer = HttpResponse(bytes(file.content), content_type=file.media_type)
    header = content_disposition_header(as_attachment=True, filename=file.name)
    answer["Content-Disposition"] = str(header)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
