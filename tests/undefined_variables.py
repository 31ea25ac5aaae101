"""An undefined template variable fails the test, where Django itself would print nothing."""

import sys
import sysconfig

INSTALLED = sysconfig.get_path("purelib")


class UndefinedVariableError(Exception):
    """A template of ours prints or passes on a variable that nobody gave it."""


class UndefinedVariable(str):
    """For the template option `string_if_invalid`.

    Django's own templates (the admin's) rely on silence and keep it. `{% if x %}` and
    `{% for a in x %}` may ask for what is not there. What failed is also kept in `seen`: a live
    server answers 500, and a test might not look.
    """

    __slots__ = ()
    seen: list[str] = []

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, variable) -> str:
        return self.fail(variable)

    def __html__(self) -> str:
        # Printed as it is: what was found is a function that a template may not call.
        return self.fail("a function that needs arguments")

    def fail(self, variable) -> str:
        origin = where_written()
        if origin.startswith(INSTALLED):
            return ""
        complaint = f"{origin}: “{variable}” is undefined."
        self.seen.append(complaint)
        raise UndefinedVariableError(complaint)


def where_written() -> str:
    """The file of the template tag that is being rendered, found up the stack.

    The context knows only the outermost template, but Django's admin extends and includes ours
    and ours extend Django's.
    """
    from django.template.base import UNKNOWN_SOURCE, Node

    frame = sys._getframe()
    while frame := frame.f_back:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin.name)
    return UNKNOWN_SOURCE
