protocol=
host=
is_over=
# git repeats whole headers of the server, and sends the refused password with `erase`: the app needs neither.
keep_line() {
  [ -z "$is_over" ] || return 0
  case $line in
  '') is_over=1 ;;
  protocol=*) protocol=${line#*=} ;;
  host=*) host=${line#*=} ;;
  username=*) ;;
  *) return 0 ;;
  esac
  input=$input$line$nl
}

# Whatever git asks, it is read to its end: git writes it all.
read_input
case ${1-} in
get | erase) ask "git $1" ;;
esac
[ "${1-}" = get ] || exit 0
case $protocol in
[Hh][Tt][Tt][Pp]) host=${host%:80} ;;
[Hh][Tt][Tt][Pp][Ss]) host=${host%:443} ;;
esac
tell_why_nothing "$protocol://$host"
exit 0
