#!/usr/bin/env bash
# Runs `windtunnel test` as the build service wants it, and ends with its exit code. Input, all by environment; what may be several is a
# line each, and empty is what the program does without the flag:
#
#   WINDTUNNEL_PATHS         scenario files, or folders of them
#   WINDTUNNEL_FLEET, WINDTUNNEL_PARAMETERS
#                            or the files of a fleet, which is tried in drills, and a parameters file for them
#   WINDTUNNEL_AGAINST       the files of before: a revision or a folder; `auto`, in the build of a pull request: what it is merged into;
#                            `none`: hold the scenarios to their expectations alone
#   WINDTUNNEL_CHANGED       true: run only what the change reaches
#   WINDTUNNEL_WORSE, WINDTUNNEL_GONE, WINDTUNNEL_INCONCLUSIVE, WINDTUNNEL_FILTER, WINDTUNNEL_REPLICATIONS, WINDTUNNEL_BASELINE,
#   WINDTUNNEL_PARTITION, WINDTUNNEL_CACHE
#                            the flags of these names
#   WINDTUNNEL_ARGS          further arguments
#   WINDTUNNEL_OUT           the folder of the files that are written; without it, one in the temporary folder of the job
#
# Outputs: exit-code, verdict, against, folder, markdown, and where something was tested junit and sarif.
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/say.sh"

command -v windtunnel >/dev/null || fail 'windtunnel is not on the path: the step that installs it comes before'

# On Azure Pipelines a variable stays for the rest of the job: two runs in it do not read each other's.
if [ -n "${TF_BUILD:-}" ]; then
  for name in exit-code verdict against folder markdown junit sarif; do output "$name" ''; done
fi

arguments=()
# lines TEXT FLAG: each line that is not blank, behind its flag where there is one.
lines() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [ -n "${line//[[:space:]]/}" ] || continue
    if [ -n "$2" ]; then
      arguments+=("$2=$line")
    else
      arguments+=("$line")
    fi
  done <<<"$1"
}

lines "${WINDTUNNEL_FLEET:-}" --fleet
fleet=${#arguments[@]}
lines "${WINDTUNNEL_PARAMETERS:-}" --parameters
lines "${WINDTUNNEL_FILTER:-}" --filter
lines "${WINDTUNNEL_REPLICATIONS:-}" --replications
lines "${WINDTUNNEL_INCONCLUSIVE:-}" --inconclusive
lines "${WINDTUNNEL_ARGS:-}" ''

# What a pull request is compared with. Build services check out its merge: the first parent is what it is merged into.
branch=${GITHUB_BASE_REF:-${SYSTEM_PULLREQUEST_TARGETBRANCH:-}}
branch=${branch#refs/heads/}
against=${WINDTUNNEL_AGAINST:-auto}
is_merge() { [ "$(git cat-file commit HEAD 2>/dev/null | sed '/^$/q' | grep -c '^parent ')" = 2 ]; }
case $against in
  none) against= ;;
  auto)
    if [ -z "$branch" ]; then
      against=
    elif is_merge; then
      against=HEAD^1
    else
      against=origin/$branch...
    fi
    ;;
esac

if [ -n "$against" ] && ! [ -d "$against" ] && [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = true ]; then
  # How much of the past is needed: the parent of the commit that is checked out, or all of it.
  case $against in HEAD^1) depth=2 ;; *) depth=0 ;; esac
  revision=${against%...}
  if ! git rev-parse --verify --quiet --end-of-options "$revision^{commit}" >/dev/null; then
    fail "this clone is shallow and has no \`$revision\` to compare with: write \`fetch-depth: $depth\` below \`with:\` of actions/checkout, \
or \`fetchDepth: $depth\` beside \`checkout: self\` of Azure Pipelines"
  fi
fi

# Its own name, so that the command on the page repeats the run wherever the commit is.
if [ "$against" = HEAD^1 ]; then against=$(git rev-parse --short=12 HEAD^1); fi

temporary=${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:-${TMPDIR:-/tmp}}}
out=$(here "${WINDTUNNEL_OUT:-$temporary/windtunnel}")
mkdir -p "$out" || fail "the folder $out cannot be made: name another one in WINDTUNNEL_OUT"
# What an earlier step of the job left is not of this run.
rm -f "$out/windtunnel.md" "$out/windtunnel.xml" "$out/windtunnel.sarif" "$out/messages.txt"
arguments+=("--markdown=$(there "$out/windtunnel.md")" "--junit=$(there "$out/windtunnel.xml")" "--sarif=$(there "$out/windtunnel.sarif")")
if [ -n "$against" ]; then
  arguments+=("--against=$against")
  if is_on changed "${WINDTUNNEL_CHANGED:-true}"; then arguments+=(--changed); fi
  for flag in baseline:"${WINDTUNNEL_BASELINE:-}" partition:"${WINDTUNNEL_PARTITION:-}" cache:"${WINDTUNNEL_CACHE:-}"; do
    [ -z "${flag#*:}" ] || say notice "${flag%%:*} has no effect on what is compared with $against"
  done
else
  lines "${WINDTUNNEL_BASELINE:-}" --baseline
  lines "${WINDTUNNEL_PARTITION:-}" --partition
  lines "${WINDTUNNEL_CACHE:-}" --cache
fi
# How it is judged that something got worse, where there is something to compare with.
if [ -n "$against${WINDTUNNEL_BASELINE:-}" ]; then
  lines "${WINDTUNNEL_WORSE:-}" --worse
  lines "${WINDTUNNEL_GONE:-}" --gone
fi
if [ "${GITHUB_ACTIONS:-}" = true ]; then
  arguments+=(--github)
elif [ -n "${TF_BUILD:-}" ]; then
  arguments+=(--azure-pipelines)
fi
flags=${#arguments[@]}
lines "${WINDTUNNEL_PATHS:-}" ''
[ "$fleet" -gt 0 ] || [ "${#arguments[@]}" -gt "$flags" ] || fail 'paths names no scenario, and fleet no files of a fleet'

code=0
windtunnel test "${arguments[@]:0:flags}" -- "${arguments[@]:flags}" 2>"$out/messages.txt" || code=$?
cat "$out/messages.txt" >&2
if ! [ -f "$out/windtunnel.md" ]; then
  say error "nothing was tested: windtunnel ended with exit code $code, and the log says why"
  # What is indented by four is shown as it is, whatever is in it.
  { printf '### ⚠️ Windtunnel: nothing was tested\n\n'; head -n 150 "$out/messages.txt" | sed 's/^/    /'; } >"$out/windtunnel.md"
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/windtunnel.md" >>"$GITHUB_STEP_SUMMARY"; fi
fi
case $code in
  0) verdict=passed ;;
  2) verdict=not-run ;;
  3) verdict=failed ;;
  4) verdict=nothing-selected ;;
  5) verdict=worse ;;
  7) verdict=undecided ;;
  8) verdict=less-tested ;;
  *) verdict=broken ;;
esac
output exit-code "$code"
output verdict "$verdict"
output against "$against"
output folder "$(there "$out")"
for file in markdown:windtunnel.md junit:windtunnel.xml sarif:windtunnel.sarif; do
  if [ -f "$out/${file#*:}" ]; then output "${file%%:*}" "$(there "$out/${file#*:}")"; fi
done
exit "$code"
