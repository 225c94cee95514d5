"""Points in the plane, counted by C."""

from ._points import ffi, lib

LIMIT = lib.POINTS_LIMIT


def length(x: float, y: float) -> float:
    return lib.point_length((x, y))


def scale(x: float, y: float, factor: float) -> tuple[float, float]:
    scaled = lib.point_scale((x, y), factor)
    return scaled.x, scaled.y


def scaled() -> int:
    """How many points were scaled so far."""
    return lib.points_scaled


def count(points: list[tuple[float, float]], accept) -> int:
    """How many of the points accept(x, y) accepts."""
    handle = ffi.new_handle(accept)
    array = ffi.new("point[]", points)
    return lib.points_count(array, len(points), lib.points_visit, handle)


@ffi.def_extern()
def points_visit(point, context) -> bool:
    return bool(ffi.from_handle(context)(point.x, point.y))
