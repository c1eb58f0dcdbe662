"""The one thing of the package that setup.cfg has no place for: loops in C, without which it works as well, more slowly."""

from setuptools import Extension, setup

LOOPS = "sort", "text", "sketch", "records", "spans", "pairs", "align", "headlines", "buckets", "postings", "runs", "seals"
SOURCES = [f"dedup/native/{name}.c" for name in ("module", "arguments", *LOOPS)]
HEADERS = [f"dedup/native/{name}.h" for name in ("native", "arguments")]
KERNELS = Extension("dedup._kernels", SOURCES, depends=HEADERS, extra_compile_args=["-O3"], optional=True)
setup(ext_modules=[KERNELS])
