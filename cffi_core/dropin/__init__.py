"""`python -m cffi_core dropin`: cffi_core under CFFI's names, so that `import cffi` means it.

    site/        the files that are copied: the package cffi and the module _cffi_backend
    files.py     what a distribution called cffi consists of
    install.py   into a folder, and out of it
    wheel.py     as a wheel

All of it is a thin layer: what it lacks is missing in the core.
"""


def register(commands) -> None:
    """Adds the sub-command to argparse's sub-parsers."""
    parser = commands.add_parser(
        "dropin",
        help="make `import cffi` mean cffi_core in this environment",
        description="Installs a package cffi, a module _cffi_backend and the metadata of a "
        "distribution cffi 2.1.1, which all lead to cffi_core, so that projects written for CFFI "
        "build and run on it as they are.",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--into", metavar="DIR", help="a folder of modules; default: site-packages")
    place.add_argument("--user", action="store_true", help="the user's own folder of modules")
    parser.add_argument(
        "--force", action="store_true", help="replace an installed CFFI; --remove brings it back"
    )
    parser.add_argument("--remove", action="store_true", help="undo it")
    parser.add_argument("--wheel", metavar="DIR", help="write a wheel of it into DIR instead")
    parser.set_defaults(run=run)


def run(args) -> int:
    import sys

    from . import install, wheel

    try:
        if args.wheel:
            print(wheel.write(args.wheel))
        elif args.remove:
            print(install.remove(args.into, args.user))
        else:
            print(install.install(args.into, args.force, args.user))
    except install.Refused as error:
        print(f"dropin: {error}", file=sys.stderr)
        return 1
    return 0
