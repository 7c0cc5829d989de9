# Ends what a gateway leaves behind: when its input ends, however that comes, it kills the process groups and removes the folders that are still listed.
# Lines: `+PGID`, `-PGID`, `+dir PATH`.
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
# A folder in use is removed in the second try: what writes to it is dead by then.
printf '%s' "$folders" | while IFS= read -r folder; do
  rm -rf -- "$folder" 2>/dev/null || { sleep 1; rm -rf -- "$folder"; }
done
