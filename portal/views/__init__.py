"""Public pages that belong to no one app: the site itself, the residents' door, 我的."""

from portal.views.site import bad_request, csrf_failure, page_not_found, permission_denied, server_error

__all__ = ["bad_request", "csrf_failure", "page_not_found", "permission_denied", "server_error"]
