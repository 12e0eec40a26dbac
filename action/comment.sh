#!/usr/bin/env bash
# Puts the page of a run under its pull request: the comment that an earlier build of it wrote is changed, and a second one is not written.
# A comment that cannot be written is a warning, and changes no verdict: the summary of the job has the same page. Input, by environment:
#
#   WINDTUNNEL_MARKDOWN   the page
#   WINDTUNNEL_EXIT_CODE  how the run ended
#   WINDTUNNEL_KEY        which comment of several is meant, where a pull request has more than one
#   on GitHub             GH_TOKEN with `pull-requests: write`, WINDTUNNEL_PULL_REQUEST, WINDTUNNEL_AUTHOR: the name of the token's owner
#   on Azure Pipelines    SYSTEM_ACCESSTOKEN of a build identity that may contribute to pull requests; needs jq
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/say.sh"

page=$(here "${WINDTUNNEL_MARKDOWN:-}")
[ -f "$page" ] || { say notice 'there is no page to put under the pull request'; exit 0; }
key=${WINDTUNNEL_KEY:-windtunnel}
[[ $key =~ ^[A-Za-z0-9_.-]+$ ]] || fail "the key of a comment has letters, digits, dots and hyphens, got \`$key\`"
work=$(mktemp -d "${RUNNER_TEMP:-${AGENT_TEMPDIRECTORY:-${TMPDIR:-/tmp}}}/windtunnel.XXXXXX")
trap 'rm -rf "$work"' EXIT
no_pull_request() { echo 'this is not the build of a pull request, so there is no comment'; exit 0; }
give_up() { say warning "the comment was not written: $1"; exit 0; }

# cut BYTES: the page, whole lines, as long as the service takes a comment.
cut_page() {
  if [ "$(wc -c <"$page")" -le "$1" ]; then
    cat "$page"
  else
    head -c "$1" "$page" | sed '$d' >"$work/part.md"
    cat "$work/part.md"
    # What is folded where the page is cut would fold the sentence below it, too.
    if [ "$(grep -c '<details>' "$work/part.md")" != "$(grep -c '</details>' "$work/part.md")" ]; then printf '\n</details>\n'; fi
    printf '\n\nThe rest is in the summary of the build.\n'
  fi
}

on_github() {
  local number=${WINDTUNNEL_PULL_REQUEST:-} author=${WINDTUNNEL_AUTHOR:-github-actions[bot]} marker="<!-- windtunnel: $key -->" id
  [[ $number =~ ^[0-9]+$ ]] || no_pull_request
  command -v gh >/dev/null || give_up "GitHub's program gh is not on the path"
  # GitHub takes 65,536 letters.
  { printf '%s\n' "$marker"; cut_page 60000; } >"$work/comment.md"
  # Whoever writes our marker into a comment of their own does not have it changed.
  export WINDTUNNEL_MARKER=$marker WINDTUNNEL_AUTHOR=$author
  id=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments" \
    --jq '.[] | select(.user.login == env.WINDTUNNEL_AUTHOR and (.body | startswith(env.WINDTUNNEL_MARKER))) | .id') ||
    give_up 'the comments cannot be read; the job needs the permission pull-requests: write'
  id=$(printf '%s\n' "$id" | head -n 1)
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field body=@- <"$work/comment.md"
  else
    gh api --silent --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" --field body=@- <"$work/comment.md"
  fi || give_up 'the job needs the permission pull-requests: write, which the build of a pull request from a fork never has'
}

on_azure() {
  local base thread status
  [ -n "${SYSTEM_PULLREQUEST_PULLREQUESTID:-}" ] || no_pull_request
  [ "${BUILD_REPOSITORY_PROVIDER:-}" = TfsGit ] || give_up 'the repository is not one of Azure Repos'
  [ -n "${SYSTEM_ACCESSTOKEN:-}" ] || give_up 'SYSTEM_ACCESSTOKEN is empty'
  command -v jq >/dev/null || give_up 'jq is not on the path'
  base=${SYSTEM_COLLECTIONURI%/}/$SYSTEM_TEAMPROJECTID/_apis/git/repositories/$BUILD_REPOSITORY_ID/pullRequests
  base=$base/$SYSTEM_PULLREQUEST_PULLREQUESTID/threads
  # The token is read from a file that only this user reads: a list of processes shows arguments.
  (umask 077 && printf 'header = "Authorization: Bearer %s"\n' "$SYSTEM_ACCESSTOKEN" >"$work/curl")
  ask() {
    local method=$1 at=$2
    shift 2
    curl --config "$work/curl" --fail-with-body --silent --show-error --max-time 60 --request "$method" \
      --header 'Content-Type: application/json' "$@" "$base$at?api-version=7.1"
  }
  # Open while something is wrong, so that a branch policy on open comments holds the pull request back.
  status=fixed
  [ "${WINDTUNNEL_EXIT_CODE:-0}" = 0 ] || status=active
  # Azure Repos takes 150,000 letters.
  cut_page 140000 >"$work/comment.md"
  jq -n --rawfile content "$work/comment.md" '{ content: $content, commentType: 1 }' >"$work/comment.json"
  jq -n --arg status "$status" '{ status: $status }' >"$work/status.json"
  jq -n --arg key "$key" --arg status "$status" --slurpfile comment "$work/comment.json" \
    '{ comments: $comment, status: $status, properties: { windtunnel: { "$type": "System.String", "$value": $key } } }' >"$work/thread.json"
  ask GET '' >"$work/threads.json" || give_up 'the comments cannot be read; the build identity needs to contribute to pull requests'
  thread=$(jq -r --arg key "$key" 'first(.value[] | select((.isDeleted | not) and .properties.windtunnel["$value"] == $key)
    | "\(.id)/comments/\(.comments[0].id)") // empty' "$work/threads.json" | tr -d '\r')
  if [ -n "$thread" ]; then
    ask PATCH "/$thread" --data "@$work/comment.json" >/dev/null && ask PATCH "/${thread%%/*}" --data "@$work/status.json" >/dev/null
  else
    ask POST '' --data "@$work/thread.json" >/dev/null
  fi || give_up 'the build identity needs to contribute to pull requests'
}

if [ "${GITHUB_ACTIONS:-}" = true ]; then on_github; else on_azure; fi
