#!/usr/bin/env bash
# Copies the CSV files of a directory, and of those below it, into a bucket: each becomes a delivery there.
# What is no CSV by its name stays; so does what the names begin with, behind PREFIX.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: copy_csvs_to_bucket.sh [--endpoint-url URL] DIR BUCKET [PREFIX]

Copies *.csv and *.tsv, also compressed (.gz, .zst, .zip, .bz2, .xz), whatever their letters' case.
Needs the AWS CLI with its credentials and region; --endpoint-url is the address of an emulator.
TEXT
  exit 64
}

endpoint=()
if [[ ${1:-} == --endpoint-url ]]; then
  [[ $# -ge 2 ]] || usage
  endpoint=(--endpoint-url "$2")
  shift 2
fi
[[ $# -eq 2 || $# -eq 3 ]] || usage

directory=$1 bucket=${2#s3://} prefix=${3:-}
bucket=${bucket%/}
prefix=${prefix%/}
target=s3://$bucket/${prefix:+$prefix/}

[[ -d $directory ]] || { echo "there is no directory $directory" >&2; exit 66; }
# A name that begins with a dash is no option.
[[ $directory == /* ]] || directory=./$directory

patterns=()
for kind in '[cC][sS][vV]' '[tT][sS][vV]'; do
  for packed in '' '.[gG][zZ]' '.[zZ][sS][tT]' '.[zZ][iI][pP]' '.[bB][zZ]2' '.[xX][zZ]'; do
    patterns+=("*.$kind$packed")
  done
done

found=()
includes=()
for pattern in "${patterns[@]}"; do
  found+=(-o -name "$pattern")
  includes+=(--include "$pattern")
done
if [[ -z $(find -L "$directory" -type f \( -false "${found[@]}" \) -print -quit) ]]; then
  echo "there is no CSV file in $directory" >&2
  exit 66
fi

# Bash 3 of macOS takes an empty list for one that was never set.
exec aws ${endpoint[@]+"${endpoint[@]}"} s3 cp "$directory" "$target" --recursive --no-progress --exclude '*' "${includes[@]}"
