# source env.sh: a shell in which plain pulumi, boto3 and Cloudflare's clients work against the local cloud, and only there.
# In bash and zsh, from any folder. PROVIDERS=vendor keeps the stand-in providers off PATH.
_parallax_home=$(cd "$(dirname "${BASH_SOURCE[0]:-${(%):-%x}}")" && pwd) || return 1
if [ ! -x "$_parallax_home/.venv/bin/python" ]; then
  echo "parallax: not set up yet: run 'make setup' in $_parallax_home" >&2
  return 1
fi
if _parallax_lines=$(cd "$_parallax_home" && .venv/bin/python -m tools.environment); then
  eval "$_parallax_lines"
  unset _parallax_home _parallax_lines
else
  unset _parallax_home _parallax_lines
  return 1
fi
