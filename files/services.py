import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, ProtectedError

from files.looks import clean_name, media_type_of
from files.models import MOST_BYTES, StoredFile


def store(*, actor: Model, upload: UploadedFile, now: datetime) -> StoredFile:
    """Keep a file as it was uploaded, under a harmless name, in the caller's transaction.

    Raises ValidationError, with a sentence, for what is empty, too large or of another type.
    """
    content = readable(upload)
    media_type = media_type_of(content)
    return StoredFile.objects.create(
        name=clean_name(upload.name or "", media_type),
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_by_id=actor.pk,
        uploaded_at=now,
    )


def readable(upload: UploadedFile) -> bytes:
    """The bytes of a file that we keep. Raises ValidationError for any other."""
    if not upload.size:
        raise ValidationError("This file is empty. Choose another one.", "empty")
    if upload.size > MOST_BYTES:
        raise ValidationError(
            "This file is larger than 5 MB. Choose a smaller one, or a photo of less detail.",
            "too_large",
        )
    upload.seek(0)
    content = upload.read()
    if not media_type_of(content):
        raise ValidationError(
            "This is no PDF and no picture that we can keep. Choose a PDF, PNG, JPEG, WebP or "
            "HEIC file.",
            "wrong_type",
        )
    return content


def let_go(*, file: StoredFile) -> bool:
    """Delete a file that nothing points to any more; False where something still does."""
    try:
        file.delete()
    except ProtectedError:
        return False
    return True
