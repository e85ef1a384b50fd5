# Interviewer in a container: `docker build -t interviewer .`, then see docs/deploy.md.
# To pin the base image, give it by digest: --build-arg PYTHON=python:3.11-slim@sha256:…
ARG PYTHON=python:3.11-slim

FROM ${PYTHON} AS build
WORKDIR /src
RUN python -m venv /app
COPY requirements.lock ./
COPY pyproject.toml README.md LICENSE ./
COPY prompts ./prompts
COPY static ./static
COPY interviewer ./interviewer
RUN /app/bin/pip install --no-cache-dir --disable-pip-version-check --constraint requirements.lock . \
    && /app/bin/pip uninstall --yes --quiet pip

FROM ${PYTHON}
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin interviewer \
    && install --directory --owner interviewer --mode 0700 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    INTERVIEWER_DATA_DIR=/data
USER interviewer
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["interviewer"]
CMD ["serve", "--host", "0.0.0.0", "--workers", "2"]
