#!/bin/sh
# Stands where Electron's executable would. Node takes its own switch; all else is for the app.
for argument in "$@"; do
  shift
  case "$argument" in
    --inspect=*) inspect="$argument" ;;
    *) set -- "$@" "$argument" ;;
  esac
done
exec node ${inspect:+"$inspect"} "$ELECTRON_STAND_IN" "$@"
