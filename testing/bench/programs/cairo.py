"""A picture drawn by cairocffi, a project for CFFI that knows nothing of cffi_core."""

import math
import zlib

import cairocffi


def draw(shapes: int) -> int:
    """Shapes and what they measure, on an image; its checksum."""
    surface = cairocffi.ImageSurface(cairocffi.FORMAT_ARGB32, 64, 64)
    context = cairocffi.Context(surface)
    for i in range(shapes):
        x, y = i % 50, i * 7 % 50
        context.save()
        context.translate(x, y)
        context.rotate(i * 0.01)
        context.set_source_rgba(i % 3 / 2, i % 5 / 4, i % 7 / 6, 0.5)
        context.move_to(0, 0)
        context.line_to(4, 0)
        context.curve_to(5, 1, 5, 3, 4, 4)
        context.arc(2, 2, 1, 0, math.pi)
        context.close_path()
        left, top, right, bottom = context.path_extents()
        context.rectangle(left, top, (right - left) / 2, (bottom - top) / 2)
        context.fill()
        context.restore()
    surface.flush()
    return zlib.crc32(bytes(surface.get_data()))
