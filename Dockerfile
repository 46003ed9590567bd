# The bot with its store, and the demo's shop: docs/how-to/run-with-docker.md.
# Where there is no Docker, `make image` carries out these same steps, so keep to what scripts/image reads.

FROM python:3.11-slim-bookworm AS base
ENV PATH=/opt/tracewhy/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# What others wrote, in a layer that stays when only our code changes.
FROM base AS dependencies
RUN python3 -m venv /opt/tracewhy
COPY requirements/run.txt /src/requirements/
RUN pip install --no-compile --no-deps --only-binary=:all: --require-hashes -r /src/requirements/run.txt
RUN python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/tracewhy/lib

FROM base AS wheel
RUN python3 -m venv /opt/build
COPY requirements/build.txt /src/requirements/
RUN /opt/build/bin/pip install --no-deps --only-binary=:all: --require-hashes -r /src/requirements/build.txt
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY analyzers analyzers/
COPY backends backends/
COPY renderers renderers/
COPY config config/
COPY bot bot/
COPY demo demo/
RUN /opt/build/bin/pip wheel --no-deps --no-index --no-build-isolation --wheel-dir /dist .

FROM base
RUN groupadd --system --gid 10001 tracewhy && useradd --system --uid 10001 --gid tracewhy --home-dir /data --no-create-home tracewhy && install --directory --owner=tracewhy --group=tracewhy --mode=0750 /data
COPY --from=dependencies /opt/tracewhy /opt/tracewhy/
COPY --from=wheel /dist /dist/
COPY docker/precompile.py docker/health.py /opt/tracewhy/libexec/
# Compiled code is kept for a processor that all have (NUMBA_CPU_NAME), or it would be compiled anew on the machine that runs it.
ENV NUMBA_CACHE_DIR=/var/cache/tracewhy/numba \
    NUMBA_CPU_NAME=generic \
    MPLCONFIGDIR=/var/cache/tracewhy/matplotlib
# A layer knows whole seconds only; what is compiled here shall still be as old as its source when it is looked at later.
RUN pip install --no-compile --no-deps --no-index /dist/*.whl && rm -r /dist && for package in analyzers backends renderers config bot demo; do find /opt/tracewhy/lib/python3*/site-packages/$package -name '*.py' -exec touch --date=2000-01-01T00:00:00Z {} + && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/tracewhy/lib/python3*/site-packages/$package || exit 1; done
RUN python /opt/tracewhy/libexec/precompile.py && chown -R tracewhy:tracewhy /var/cache/tracewhy
# Inside a container only what is published can be reached from outside.
ENV TRACEWHY_STORE__FOLDER=/data \
    TRACEWHY_RECEIVERS__HOST=0.0.0.0 \
    TRACEWHY_SLACK__HTTP_HOST=0.0.0.0 \
    HOME=/data
WORKDIR /data
USER 10001:10001
VOLUME ["/data"]
EXPOSE 4317 4318 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["python", "/opt/tracewhy/libexec/health.py"]
ENTRYPOINT ["tracewhy"]
CMD ["serve"]
