# Counts a prepared joiner as active, or one that was taken out.
lock
fence "$EPOCH"
[ -r "$M/member" ] || finish refused "this host is no member"
[ "$(sed -n 's/^state=//p' "$M/member")" != active ] || finish already
# One that was told to restart and did not is waited for no longer.
boot_id
line_of "$M/restarted"
[ "${line##* }" != "$this_boot" ] || rm -f "$M/restarted"
{
    grep -v -e '^state=' -e '^since=' -e '^reason=' "$M/member"
    printf 'state=active\nsince=%s\n' "$(date +%s)"
} | put "$M/member"
finish done
