"""One trigger: what it refuses, on which table, in the words of both databases."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

PREFIX = "guard_"


@dataclass(frozen=True)
class Guard:
    """Refuses one verb on one table whenever a condition over OLD and NEW holds.

    `{differs from}` in the condition stands for the comparison in which NULL equals NULL: the two
    databases have different words for it.
    """

    table: str
    verb: str  # INSERT, UPDATE, DELETE or TRUNCATE (PostgreSQL only)
    condition: str
    message: str

    @cached_property
    def name(self) -> str:
        """Holds a digest of the definition: a changed guard is a missing guard."""
        definition = f"{self.table} {self.verb} {self.condition} {self.message}"
        digest = hashlib.sha256(definition.encode()).hexdigest()[:8]
        return f"{PREFIX}{self.table}_{self.verb.lower()}"[:50] + f"_{digest}"

    def create_sql(self, vendor: str) -> list[str]:
        condition = self.condition.replace(
            "{differs from}", "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        )
        if vendor == "sqlite":
            return [
                f'CREATE TRIGGER "{self.name}" BEFORE {self.verb} ON "{self.table}" '
                f"FOR EACH ROW WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            ]
        each = "STATEMENT" if self.verb == "TRUNCATE" else "ROW"
        result = "OLD" if self.verb in {"DELETE", "TRUNCATE"} else "NEW"
        return [
            f'CREATE OR REPLACE FUNCTION "{self.name}"() RETURNS trigger '
            f"LANGUAGE plpgsql AS $guard$ "
            f"BEGIN IF {condition} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {result}; END "
            f"$guard$",
            f'CREATE TRIGGER "{self.name}" BEFORE {self.verb} ON "{self.table}" '
            f'FOR EACH {each} EXECUTE FUNCTION "{self.name}"()',
        ]

    def drop_sql(self, vendor: str) -> list[str]:
        return drop_sql(vendor, self.table, self.name)


def drop_sql(vendor: str, table: str, name: str) -> list[str]:
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{name}"']
    return [f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"', f'DROP FUNCTION IF EXISTS "{name}"()']
