# What docker's and git's helper share. It is POSIX's shell but for -O, which dash, bash and busybox have. It starts few
# programs, since each takes longer than all the rest.

# What is held here is not written down, nor passed on by a name that was exported before.
set +ax
unset input line answer said too_long
LC_ALL=C
nl='
'

# Where printf is a program of its own, what it prints stands among its arguments, for all to see.
if [ ! -x "$curl" ] || [ "$(command -v printf)" != printf ]; then
  [ -x "$node" ] || node=$(command -v node)
  [ -z "$node" ] || exec "$node" "$folder/$name.cjs" "$@"
  curl=
fi
PATH=/usr/bin:/bin${PATH:+:$PATH}

tell() {
  printf '%s\n' "$1" >&2
}

# Says why a host that was turned on is given nothing; of others not a word.
tell_why_nothing() {
  ! is_turned_on "$1" || tell "Latchkey gives nothing for $turned_on. $reason"
}

# Reads standard input into $input, by line as keep_line takes it. Where nobody ends it, this program is ended.
read_input() {
  (
    trap 'kill -9 $!; wait; exit' TERM
    sleep 5 &
    wait $! && kill $$
  ) </dev/null >/dev/null 2>&1 &
  input=
  size=0
  while IFS= read -r line || [ -n "$line" ]; do
    size=$((size + ${#line} + 1))
    [ $size -le 524288 ] || too_long=1
    keep_line
    [ ${#input} -le 65537 ] || too_long=1
    [ -z "$too_long" ] || break
  done
  { kill $! && wait $!; } 2>/dev/null
}

# Prints what the app answers to the action $1 and ends as it says. Comes back, with the $reason, where it does not answer.
ask() {
  reason='The request is too long.'
  [ -z "$too_long" ] || return 0
  endpoint=$folder/endpoint.conf
  reason='The Latchkey app is not running.'
  [ -f "$endpoint" ] || return 0
  case $(ls -dln "$endpoint") in
  -rw-------*) [ -O "$endpoint" ] ;;
  *) false ;;
  esac || {
    reason="$endpoint is open to others, so it is not used."
    return 0
  }
  [ -n "$curl" ] || {
    reason='Its credential helper runs on curl or on Node.js, and neither is there.'
    return 0
  }
  # Some releases of curl heed the environment's proxies even where they are to take a socket.
  answer=$(
    printf '%s' "$input" | "$curl" -q --config "$endpoint" --noproxy '*' --silent --connect-timeout 1 --max-time 10 \
      --max-filesize 65536 --header "Latchkey-Action: $1" --data-binary @- 2>/dev/null
  )
  case $?:$answer in
  '0:0 '* | '0:1 '*) ;;
  7:*) return 0 ;;
  *)
    reason='The Latchkey app does not answer.'
    return 0
    ;;
  esac
  said=${answer%%"$nl"*}
  [ -z "${said#? }" ] || tell "${said#? }"
  [ "$said" = "$answer" ] || printf '%s\n' "${answer#*"$nl"}"
  exit "${said%% *}"
}
