from setuptools import setup

setup(
    packages=["points"],
    exclude_package_data={"points": ["_build.py"]},
    cffi_modules=["build_points.py:ffibuilder"],
)
