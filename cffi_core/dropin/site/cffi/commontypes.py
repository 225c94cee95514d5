"""Names of types that need no declaration."""

from . import model

COMMON_TYPES = {
    name: name for name in model.PrimitiveType.ALL_PRIMITIVE_TYPES if name.endswith("_t")
}
COMMON_TYPES |= {"FILE": model.unknown_type("FILE", "_IO_FILE"), "bool": "_Bool"}
COMMON_TYPES |= {f"{word} _Complex": f"_cffi_{word}_complex_t" for word in ("float", "double")}


def resolve_common_type(parser, commontype):
    """(type, qualifiers)"""
    found = COMMON_TYPES.get(commontype, commontype)
    if isinstance(found, model.BaseTypeByIdentity):
        return found, 0
    if found in model.PrimitiveType.ALL_PRIMITIVE_TYPES:
        return model.PrimitiveType(found), 0
    return parser.parse_type_and_quals(found)
