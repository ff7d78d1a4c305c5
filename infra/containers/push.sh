#!/usr/bin/env bash
# Images that were built and a registry in; the same there, tagged by version and by the commit that they were built of,
# and their digests, as the registry has them, in build/images.json out: what is deployed should be named by these.
#
#   infra/containers/push.sh registry.example.com/team
#
# The file is there when all images are: what was pushed before is not taken for it.
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -f build/images.json
registry=${1:?the registry to push to, such as registry.example.com/team}
engine=${ENGINE:-docker}
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' src/csvgate/__init__.py)
mkdir -p build
scratch=$(mktemp -d build/push.XXXXXX)
trap 'rm -rf "$scratch"' EXIT

label() {
  "$engine" image inspect --format "{{index .Config.Labels \"org.opencontainers.image.$2\"}}" "csvgate-$1:$version"
}

# The digest of what was pushed is told by the push itself: an image that is here may have several, of elsewhere or
# before; and podman's is another one, since it packs the layers on their way.
pushed() {
  case $("$engine" --version) in
    *podman*) "$engine" push --quiet --digestfile "$scratch/digest" "$1" >/dev/null && cat "$scratch/digest" ;;
    *) "$engine" push "$1" >"$scratch/said" && sed -n 's/.*digest: \(sha256:[0-9a-f]*\) .*/\1/p' "$scratch/said" ;;
  esac
}

separator='{'
for target in upload process function; do
  name=$registry/csvgate-$target
  revision=$(label "$target" revision)
  tags=("$version" ${revision:+"${revision:0:12}${revision:40}"})
  for tag in "${tags[@]}"; do
    "$engine" tag "csvgate-$target:$version" "$name:$tag"
    digest=$(pushed "$name:$tag")
  done
  [ -n "$digest" ] || { echo "$engine did not say by which digest $name was pushed" >&2; exit 1; }
  printf '%s\n  "%s": {"image": "%s", "tags": [%s], "revision": "%s", "base": "%s", "base_digest": "%s"}' \
    "$separator" "$target" "$name@$digest" "$(printf '"%s", ' "${tags[@]}" | sed 's/, $//')" "$revision" \
    "$(label "$target" base.name)" "$(label "$target" base.digest)"
  separator=,
done >"$scratch/images.json"
printf '\n}\n' >>"$scratch/images.json"
mv "$scratch/images.json" build/images.json
cat build/images.json
