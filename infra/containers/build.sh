#!/usr/bin/env bash
# The checkout in; the images upload, process and function in the engine's own store out, tagged by version and latest.
#
#   ENGINE=podman PYTHON_IMAGE=registry.example.com/python:3.13-slim infra/containers/build.sh
#
# What they were built on is in their labels, by its digest where a registry told one. They are for the processor of this
# machine; PLATFORM=linux/amd64 makes them for another, where the engine can.
set -euo pipefail
cd "$(dirname "$0")/../.."
engine=${ENGINE:-docker}
base=${PYTHON_IMAGE:-python:3.13-slim}
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' src/csvgate/__init__.py)
# With -dirty behind it where something is not committed: these are not the images of that commit.
revision=$(git describe --always --exclude '*' --abbrev=40 --dirty 2>/dev/null || true)

if [ -n "${PLATFORM:-}" ] || ! "$engine" image inspect "$base" >/dev/null 2>&1; then
  "$engine" pull --quiet ${PLATFORM:+--platform "$PLATFORM"} "$base"
fi
digest=$("$engine" image inspect --format '{{range .RepoDigests}}{{.}} {{end}}' "$base" | grep -o -m 1 'sha256:[0-9a-f]*' | head -n 1 || true)
arguments=(--build-arg "PYTHON_IMAGE=$base" --build-arg "BASE_DIGEST=$digest" --build-arg "VERSION=$version"
  --build-arg "REVISION=$revision" --network "${BUILD_NETWORK:-default}" ${PLATFORM:+--platform "$PLATFORM"})
# podman's own format has no health checks.
case $("$engine" --version) in *podman*) arguments+=(--format docker) ;; esac
# What newer Dockers put beside an image makes a list of it, and of a list Lambda makes no function.
export BUILDX_NO_DEFAULT_ATTESTATIONS=1

for target in upload process function; do
  "$engine" build --quiet "${arguments[@]}" --target "$target" \
    --tag "csvgate-$target:$version" --tag "csvgate-$target:latest" . >/dev/null
  echo "csvgate-$target:$version"
done
