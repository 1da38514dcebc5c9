"""crmcore: a small core for customer relationships, and plugins that add processes to it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmcore.app import App

__version__ = "0.1.0"


def open(url: str | None = None, **options: Any) -> "App":
    """Open the workspace at `url` (default: `CRM_DATABASE_URL`, else `sqlite:///crm.db` in the current folder).

    Raises `crmcore.errors.WorkspaceError` with the reason when it cannot be opened.
    """
    from crmcore.app import open_workspace  # the engine is imported only by who opens a workspace

    return open_workspace(url, **options)
