# The words on standard output are those of docker's own helpers: clients compare them.
fail() {
  printf '%s\n' "$1"
  exit 1
}

case ${1-} in
get | erase)
  read_input
  server=${input#"${input%%[![:space:]]*}"}
  server=${server%"${server##*[![:space:]]}"}
  [ -n "$server" ] || fail 'no credentials server URL'
  # There is nothing to erase, and clients ask it several times over.
  [ "$1" = get ] || exit 0
  ask 'docker get'
  tell_why_nothing "$server"
  fail 'credentials not found in native keychain'
  ;;
store)
  read_input
  ask 'docker store'
  tell "What was typed is not kept. $reason"
  ;;
list)
  input=
  ask 'docker list'
  printf '{}\n'
  ;;
version) printf '%s\n' "$name (Latchkey) $version" ;;
'') fail "Usage: $name <store|get|erase|list|version>" ;;
*) fail "Unknown credential action \`$1\`" ;;
esac
