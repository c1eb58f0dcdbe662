"""The one thing of the package that setup.cfg has no place for: loops in C, without which it works as well, more slowly."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("dedup._kernels", ["dedup/_kernels.c"], extra_compile_args=["-O3"], optional=True)])
