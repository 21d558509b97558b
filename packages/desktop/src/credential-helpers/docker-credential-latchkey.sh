# The words on standard output are those of docker's own helpers: clients compare them.
fail() {
  printf '%s\n' "$1"
  exit 1
}

keep_line() {
  input=$input$line$nl
}

# Docker's forms of a registry's address: with a scheme, with the version of its API, with the port that is meant anyway.
registry_of() {
  registry=$1
  port=443
  case $registry in
  [Hh][Tt][Tt][Pp]://*) registry=${registry#*://} port=80 ;;
  [Hh][Tt][Tt][Pp][Ss]://*) registry=${registry#*://} ;;
  esac
  registry=${registry%/}
  registry=${registry%/[Vv][12]}
  registry=${registry%:$port}
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
  registry_of "$server"
  tell_why_nothing "$registry"
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
