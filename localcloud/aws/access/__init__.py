"""Who may do what: the credentials of functions, their roles' policies, and the record of every decision."""

from localcloud.aws.access.access import Access

__all__ = ["Access"]
