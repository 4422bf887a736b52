from tests.pages.conftest import as_

__all__ = ["as_"]
