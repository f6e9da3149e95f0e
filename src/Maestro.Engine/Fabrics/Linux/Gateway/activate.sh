# Counts a prepared joiner as active.
lock
fence "$EPOCH"
[ -r "$M/member" ] || finish refused "this host is no member"
[ "$(sed -n 's/^state=//p' "$M/member")" != active ] || finish already
{
    grep -v -e '^state=' -e '^since=' "$M/member"
    printf 'state=active\nsince=%s\n' "$(date +%s)"
} | put "$M/member"
finish done
