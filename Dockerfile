# The checkout in; out, by target: `upload` (csvgate web), `process` (csvgate worker) and `function` (AWS Lambda).
#
#   make images                                  or: docker build --target process -t csvgate-process .
#   docker build --build-arg PYTHON_IMAGE=registry.example.com/python:3.13-slim@sha256:... --target upload .
#
# The base image is any that has python3 (3.11 or newer) with venv and pip, and adds users as Debian does. Nothing here
# needs BuildKit, so that podman, buildah, kaniko and old engines build it, too.
# checkov:skip=CKV_DOCKER_7:the base image is an argument, and its default has a tag that is not latest
ARG PYTHON_IMAGE=python:3.13-slim

# ---- build: a virtual environment of the locked libraries and the wheel; what it needed for that stays behind
FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

# The tools that make the wheel are pinned by hash as all else is; they are not in the images.
COPY infra/containers/build.lock ./
RUN python3 -m venv tools \
 && tools/bin/pip install --quiet --only-binary=:all: --require-hashes --no-deps --requirement build.lock

COPY infra/containers/requirements.lock ./
RUN python3 -m venv --without-pip /opt/csvgate \
 && tools/bin/pip --python /opt/csvgate/bin/python install --quiet --only-binary=:all: --require-hashes --no-deps \
      --requirement requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY infra/cloudformation infra/cloudformation
COPY samples samples
COPY infra/containers/sbom.py ./
RUN tools/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . \
 && tools/bin/pip --python /opt/csvgate/bin/python install --quiet --no-deps dist/*.whl \
 && tools/bin/pip --python /opt/csvgate/bin/python check \
 && /opt/csvgate/bin/python sbom.py > /opt/csvgate/sbom.cdx.json

# ---- build-function: the same, with the client of Lambda's runtime interface
FROM build AS build-function
COPY infra/containers/function.lock ./
RUN tools/bin/pip --python /opt/csvgate/bin/python install --quiet --only-binary=:all: --require-hashes --no-deps \
      --requirement function.lock \
 && /opt/csvgate/bin/python sbom.py > /opt/csvgate/sbom.cdx.json

# ---- base: what all images share: a user without rights, and no more of an environment than it needs
FROM ${PYTHON_IMAGE} AS base
RUN groupadd --gid 10001 csvgate \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin csvgate
# The certificates of the system also where Lambda's own Python has them: rds.yaml names them so for its proxy.
RUN [ -e /etc/pki/tls/certs/ca-bundle.crt ] \
 || { mkdir -p /etc/pki/tls/certs && ln -s /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; }
# Nothing is written but to /tmp. Elsewhere than on a desk AWS itself is meant, or what AWS_ENDPOINT_URL says.
ENV PATH=/opt/csvgate/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CSVGATE_TARGET=aws
WORKDIR /srv
USER 10001:10001
STOPSIGNAL SIGTERM
ARG PYTHON_IMAGE
ARG BASE_DIGEST=""
ARG VERSION=""
ARG REVISION=""
LABEL org.opencontainers.image.title="csvgate" \
      org.opencontainers.image.description="The gate that CSV files pass: a receipt for every file that arrives." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${PYTHON_IMAGE}" \
      org.opencontainers.image.base.digest="${BASE_DIGEST}" \
      io.csvgate.sbom="/opt/csvgate/sbom.cdx.json"

# ---- function: csvgate.lambdas for AWS Lambda (PackageType: Image); the second stage is another CMD of the same image
FROM base AS function
COPY --from=build-function /opt/csvgate /opt/csvgate
# Lambda asks nobody for health: it starts another one.
HEALTHCHECK NONE
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["csvgate.lambdas.on_arrival"]

# ---- runtime: csvgate itself, with every command
FROM base AS runtime
COPY --from=build /opt/csvgate /opt/csvgate
ENTRYPOINT ["csvgate"]

# ---- upload: the service and its pages
FROM runtime AS upload
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["web", "--listen", "0.0.0.0:8080"]

# ---- process: a worker of both stages; `worker inspect ...` and `worker record ...` are one each
FROM runtime AS process
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
CMD ["worker", "all", "--listen", "0.0.0.0:9464"]
