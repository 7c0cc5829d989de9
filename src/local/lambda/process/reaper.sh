# Ends what a gateway leaves behind. When its input ends, for whatever reason, it kills the process groups that are still listed and, on Linux, every
# process with the mark `$1` in its environment; then it removes the folders. Lines: `+PGID`, `-PGID`, `+dir PATH`.
trap '' INT TERM HUP
newline='
'
groups=' '
folders=''

while IFS= read -r line; do
  case $line in
    '+dir /'*) folders="$folders${line#+dir }$newline" ;;
    +[0-9]*) groups="$groups${line#+} " ;;
    -[0-9]*)
      case $groups in
        *" ${line#-} "*) groups="${groups%%" ${line#-} "*} ${groups#*" ${line#-} "}" ;;
      esac
      ;;
  esac
done

for group in $groups; do
  kill -s KILL -- "-$group" 2>/dev/null
done
if [ -n "$1" ] && [ -e /proc/self/environ ]; then
  grep -lsF -- "$1" /proc/[0-9]*/environ 2>/dev/null | while IFS=/ read -r _ _ pid _; do
    kill -s KILL "$pid" 2>/dev/null
  done
fi
# The code of functions is read-only. A folder in use is removed in the second try: what writes to it is dead by then.
printf '%s' "$folders" | while IFS= read -r folder; do
  chmod -R u+w "$folder" 2>/dev/null
  rm -rf -- "$folder" 2>/dev/null || { sleep 1; rm -rf -- "$folder"; }
done
