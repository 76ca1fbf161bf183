"""Everything that can be the asker's to mend, each with a code, a message and a hint.

A message says what happened, a hint what to do next; both are meant to be read by a
twelve-year-old, the code by a program. Bugs are not in this family: they stay 500.
"""


class UserError(Exception):
    """A request that cannot be answered, for a reason that the asker can understand.

    Attributes:
        status: the HTTP status.
        code: short and stable, for programs.
        message: what happened, one sentence.
        hint: what to do next, one sentence.
    """

    status = 400

    def __init__(self, code: str, message: str, hint: str):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple:
        # Errors travel from the import process back to the server.
        return type(self), (self.code, self.message, self.hint)

    def as_json(self) -> dict:
        """The error as every answer and every last line of a stream carries it."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}


class BadSetting(UserError):
    """A setting that is not allowed or does not make sense (400)."""


class Forbidden(UserError):
    """A request from a web page that may not make it (403)."""

    status = 403


class NotFound(UserError):
    """A model, label or page that is not here (404)."""

    status = 404


class TooLarge(UserError):
    """More bytes or pixels than we accept (413)."""

    status = 413


class NotUnderstood(UserError):
    """Not a picture or a model file that we know (415)."""

    status = 415


class CannotUse(UserError):
    """A file that we know but cannot use, and why (422)."""

    status = 422


class Busy(UserError):
    """Too much to do at the moment; the same request works later (503)."""

    status = 503


INTERNAL_ERROR = {
    "error": {
        "code": "internal_error",
        "message": "Something went wrong inside Peekaboo, and it is not your fault.",
        "hint": "Try again. If it happens again, tell us what you did just before.",
    }
}
"""What is said about a bug; the log has the rest."""
