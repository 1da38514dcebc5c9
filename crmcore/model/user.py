"""Our own people, and the one in whose name something is done."""

from datetime import datetime

from attrs import field, frozen

from crmcore.model.entity import entity, required

ROLES = ("admin", "manager", "rep", "service", "reader")


@entity
class User:
    """One of our people: the “our side” of an interaction. `role` is one of ours, or one that the workspace defined."""

    login: str = field(validator=required)
    name: str = ""
    email: str = ""
    phone: str = ""
    department: str = ""
    team: str = ""
    manager_id: int | None = None
    role: str = field(default="rep", validator=required)
    skills: list[str] = field(factory=list)
    zone: str = ""
    language: str = ""
    active: bool = True
    id: int = 0
    version: int = 0
    created_at: datetime | None = None
    updated_at: datetime | None = None


@frozen(kw_only=True)
class Actor:
    """In whose name a transaction runs. `user_id` 0 is the system itself, which sees and may do everything."""

    user_id: int
    login: str
    role: str = "reader"
    team: str = ""
    zone: str = ""


SYSTEM = Actor(user_id=0, login="system", role="admin")
