"""The one thing of the package that setup.cfg has no place for: loops in C, without which it works as well, more slowly."""

from setuptools import Extension, setup

SOURCES = [f"dedup/native/{name}.c" for name in ("module", "text", "pairs", "align", "buckets", "postings")]
KERNELS = Extension("dedup._kernels", SOURCES, depends=["dedup/native/native.h"], extra_compile_args=["-O3"], optional=True)
setup(ext_modules=[KERNELS])
