"""What a database says it holds, and what its description leaves out."""

from sqlalchemy.engine import Inspector

from fulfilment.adapter import Catalogue, Reference
from operators.systems import System


def catalogue(inspector: Inspector, system: System) -> Catalogue:
    """Tables, columns and references; a table is undescribed where it refers to a described one or looks so."""
    tables: dict[str, tuple[str, ...]] = {}
    references: list[Reference] = []
    for name in sorted(inspector.get_table_names()):
        tables[name] = tuple(column["name"] for column in inspector.get_columns(name))
        for key in inspector.get_foreign_keys(name):
            pairs = zip(key["constrained_columns"], key["referred_columns"], strict=True)
            references += [Reference(name, here, key["referred_table"], there) for here, there in pairs]
    described = {holding.table for holding in system.holdings}
    identifying = {column for holding in system.holdings for column in holding.identifiers.values()}
    identifying -= {holding.key for holding in system.holdings}
    near = {one.table for one in references if one.target in described}
    near |= {name for name, columns in tables.items() if identifying & set(columns)}
    return Catalogue(tables, tuple(references), tuple(sorted(near - described)))
