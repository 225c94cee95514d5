"""Which comment belongs to which declaration: the one before it, or behind it on its line."""


def attach(model, kept, text) -> dict[str, str]:
    return {}
