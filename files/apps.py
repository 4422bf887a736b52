from django.apps import AppConfig

from audit.append_only import keep_as_written


class FilesConfig(AppConfig):
    name = "files"

    def ready(self) -> None:
        # One that nothing points to any more may go.
        keep_as_written("files.StoredFile", keeps_deletes=False)
