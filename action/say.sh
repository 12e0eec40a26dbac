# shellcheck shell=bash
# How a step says something, in the words of the build service that runs it. The other scripts begin with it.

# say error|warning|notice TEXT
say() {
  local kind=$1 text=$2
  if [ "${GITHUB_ACTIONS:-}" = true ]; then
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=windtunnel::%s\n' "$kind" "$text"
  elif [ -n "${TF_BUILD:-}" ] && [ "$kind" != notice ]; then
    text=${text//'%'/%AZP25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '##vso[task.logissue type=%s]windtunnel: %s\n' "$kind" "$text"
  else
    printf 'windtunnel: %s: %s\n' "$kind" "$text" >&2
  fi
}

# Ends the step with exit code 2: nothing was tested.
fail() {
  say error "$1"
  exit 2
}

# Whether a switch is on; what is neither true nor false is an error, and not a no.
is_on() {
  case $2 in
    true | True) return 0 ;;
    false | False | '') return 1 ;;
    *) fail "$1 must be true or false, got \`$2\`" ;;
  esac
}

# A path as this shell has it: on Windows the build service hands C:\… to a shell that says /c/….
here() { if command -v cygpath >/dev/null; then cygpath -u "$1"; else printf '%s\n' "$1"; fi; }
# A path as the build service has it.
there() { if command -v cygpath >/dev/null; then cygpath -w "$1"; else printf '%s\n' "$1"; fi; }

# output NAME VALUE: what later steps read. On Azure Pipelines, windtunnel.NAME.
output() {
  case $2 in *[$'\r\n']*) fail "$1 has a line break in it" ;; esac
  if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
  elif [ -n "${TF_BUILD:-}" ]; then
    printf '##vso[task.setvariable variable=windtunnel.%s]%s\n' "$1" "$2"
  fi
}
