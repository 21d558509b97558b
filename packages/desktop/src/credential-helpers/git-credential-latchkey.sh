# Whatever git asks, it is read to its end: git writes it all.
read_input
case ${1-} in
get | erase) ask "git $1" ;;
esac
[ "${1-}" = get ] || exit 0

protocol=
host=
while [ -n "$input" ]; do
  line=${input%%"$nl"*}
  input=${input#*"$nl"}
  case $line in
  '') break ;;
  protocol=*) protocol=${line#*=} ;;
  host=*) host=${line#*=} ;;
  esac
done
tell_why_nothing "$protocol://$host"
exit 0
