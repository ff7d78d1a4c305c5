#!/usr/bin/env bash
# Images that were built and a registry in; the same there, tagged by version and commit, and their digests in
# build/images.json out: what is deployed should be named by these.
#
#   infra/containers/push.sh registry.example.com/csvgate
set -euo pipefail
cd "$(dirname "$0")/../.."
registry=${1:?the registry to push to, such as registry.example.com/team}
engine=${ENGINE:-docker}
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' src/csvgate/__init__.py)
commit=$(git rev-parse --short=12 HEAD)
mkdir -p build

label() {
  "$engine" image inspect --format "{{index .Config.Labels \"org.opencontainers.image.$2\"}}" "csvgate-$1:$version"
}

separator='{'
for target in upload process function; do
  name=$registry/csvgate-$target
  for tag in "$version" "$commit"; do
    "$engine" tag "csvgate-$target:$version" "$name:$tag"
    "$engine" push --quiet "$name:$tag" >/dev/null
  done
  digest=$("$engine" image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$name:$version" | grep -m 1 "^$name@")
  printf '%s\n  "%s": {"image": "%s", "tags": ["%s", "%s"], "revision": "%s", "base": "%s", "base_digest": "%s"}' \
    "$separator" "$target" "$digest" "$version" "$commit" \
    "$(label "$target" revision)" "$(label "$target" base.name)" "$(label "$target" base.digest)"
  separator=,
done >build/images.json
printf '\n}\n' >>build/images.json
cat build/images.json
