# The desk and the service: docker build --tag dedup . ; how to run it is in compose.yaml and docs/how-to/serve.md.

FROM python:3.13-slim-bookworm AS build
# A compiler for the loops in C, of whatever version Debian has: only this stage has it.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY LICENSE MANIFEST.in README.md pyproject.toml setup.cfg setup.py ./
COPY dedup dedup
COPY reports reports
RUN python -m venv /opt/dedup \
    && /opt/dedup/bin/pip install --no-cache-dir '.[serve,postgres,docx,pdf]'
# Where the loops cannot be compiled setup.py goes on without them.
RUN /opt/dedup/bin/python -I -c 'import dedup._kernels'

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin dedup \
    && install --directory --owner dedup --group dedup /data
COPY --from=build /opt/dedup /opt/dedup
ENV PATH=/opt/dedup/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8765
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8765/readyz', timeout=5)"]
# Others can reach it, so that it does not start without a file of tokens, or a proxy that says who asks.
ENTRYPOINT ["dedup", "serve", "--host", "0.0.0.0"]
CMD ["--index", "/data/seen.db", "--token-file", "/run/secrets/tokens"]
