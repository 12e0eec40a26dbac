#!/usr/bin/env bash
# Puts one version of windtunnel on the path, and runs nothing of it before its checksum is right. Input, all by environment:
#
#   WINDTUNNEL_VERSION      the version, such as 0.1.0
#   WINDTUNNEL_SHA256       what the archive of this machine hashes to; without it, what a list of checksums says: WINDTUNNEL_SUMS, or
#                           SHA256SUMS beside this script, where it has the archive, else that of the release
#   WINDTUNNEL_URL          the folder with the archives, at https:// or file://; without it, the release of that version
#   WINDTUNNEL_ATTESTATION  true: `gh attestation verify` must also find that the release workflow of the repository built the archive
#   WINDTUNNEL_TOOLS        where it is kept, by version; without it, the tool cache of the runner
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/say.sh"

repository=windtunnel/windtunnel
version=${WINDTUNNEL_VERSION:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
  fail "version must be a release such as 0.1.0, got \`$version\`: another version may give other numbers, so there is no latest"

program=windtunnel end=tar.gz
case "$(uname -s)/$(uname -m)" in
  Linux/x86_64) target=x86_64-unknown-linux-musl ;;
  Linux/aarch64 | Linux/arm64) target=aarch64-unknown-linux-musl ;;
  Darwin/x86_64) target=x86_64-apple-darwin ;;
  Darwin/arm64) target=aarch64-apple-darwin ;;
  MINGW*/* | MSYS*/* | CYGWIN*/*) target=x86_64-pc-windows-msvc program=windtunnel.exe end=zip ;;
  *) fail "there is no archive for $(uname -s) on $(uname -m); build it with cargo, and put it on the path" ;;
esac
name=windtunnel-$version-$target
archive=$name.$end
url=${WINDTUNNEL_URL:-https://github.com/$repository/releases/download/v$version}
url=${url%/}
case $url in
  https://*) protocol='=https' ;;
  file://*) protocol='=file' ;;
  # A server on this very machine, for trying this script.
  http://127.0.0.1:* | http://localhost:*) protocol='=http' ;;
  *) fail "url must begin with https:// or file://, got \`$url\`" ;;
esac

# fetch NAME: a file of the release, into the current folder.
fetch() {
  curl --proto "$protocol" --proto-redir '=https' --fail --silent --show-error --location --retry 3 --connect-timeout 20 \
    --max-time 300 --output "$1" "$url/$1" || fail "$url/$1 cannot be fetched"
}

# What a list of checksums, on standard input, says of the archive; nothing, where it does not have it.
listed() { awk -v name="$archive" '$2 == name || $2 == "*" name { print tolower($1); exit }'; }

hash_of() { if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1; }

work=$(mktemp -d "${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:-${TMPDIR:-/tmp}}}/windtunnel.XXXXXX")
trap 'rm -rf "$work"' EXIT
tools=$(here "${WINDTUNNEL_TOOLS:-${RUNNER_TOOL_CACHE:-${AGENT_TOOLSDIRECTORY:-$HOME/.cache}}}")
folder=$tools/windtunnel/$version/$target

wanted=$(printf '%s' "${WINDTUNNEL_SHA256:-}" | tr 'A-F' 'a-f') by='the checksum given'
if [ -z "$wanted" ]; then
  beside=${BASH_SOURCE[0]%/*}/SHA256SUMS by='the checksum that came with these scripts'
  if [ -n "${WINDTUNNEL_SUMS:-}" ]; then
    wanted=$(printf '%s\n' "$WINDTUNNEL_SUMS" | listed)
  elif [ -f "$beside" ]; then
    wanted=$(listed <"$beside")
  fi
fi
[ -z "$wanted" ] || [[ $wanted =~ ^[0-9a-f]{64}$ ]] || fail "a sha256 has 64 hexadecimal digits, got \`$wanted\`"

# What is kept was checked when it came. Beside it stands the checksum of its archive and its own.
kept() {
  [ -x "$folder/$program" ] && [ -f "$folder/checked" ] || return 1
  local of_archive of_program
  read -r of_archive of_program <"$folder/checked" || return 1
  [ -z "$wanted" ] || [ "$of_archive" = "$wanted" ] || return 1
  [ "$(hash_of "$folder/$program")" = "$of_program" ]
}

if kept; then
  echo "windtunnel $version was here already: $folder"
else
  cd "$work"
  fetch "$archive"
  if [ -z "$wanted" ]; then
    fetch SHA256SUMS
    wanted=$(listed <SHA256SUMS) by='the list of the release itself'
    [[ $wanted =~ ^[0-9a-f]{64}$ ]] || fail "SHA256SUMS of the release has no checksum of $archive"
    say notice "$archive is checked by the list of its own release; give sha256 to be independent of it"
  fi
  found=$(hash_of "$archive")
  [ "$found" = "$wanted" ] || fail "$archive is not what it should be: its sha256 is $found, and $by is $wanted"
  if is_on attestation "${WINDTUNNEL_ATTESTATION:-false}"; then
    command -v gh >/dev/null || fail "attestation needs GitHub's program gh on the path"
    gh attestation verify "$archive" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" ||
      fail "no attestation says that the release workflow of $repository built $archive"
  fi
  case $end in
    zip) unzip -q "$archive" ;;
    *) tar -xzf "$archive" ;;
  esac
  [ -f "$name/$program" ] || fail "$archive has no $name/$program"
  said=$("./$name/$program" --version) || fail "$archive was checked, and its program does not start on this machine"
  [ "$said" = "windtunnel $version" ] || fail "$archive has another version: $said"
  mkdir -p "$folder" || fail "the folder $folder cannot be made, in which the program is kept"
  # Whole or not at all: another job of this machine may look at the same time.
  cp "$name/$program" "$folder/$program.$$"
  mv -f "$folder/$program.$$" "$folder/$program"
  printf '%s %s\n' "$wanted" "$(hash_of "$folder/$program")" >"$folder/checked.$$"
  mv -f "$folder/checked.$$" "$folder/checked"
  echo "windtunnel $version was checked by $by: $folder"
fi

path=$(there "$folder")
if [ -n "${GITHUB_PATH:-}" ]; then
  printf '%s\n' "$path" >>"$GITHUB_PATH"
elif [ -n "${TF_BUILD:-}" ]; then
  printf '##vso[task.prependpath]%s\n' "$path"
fi
