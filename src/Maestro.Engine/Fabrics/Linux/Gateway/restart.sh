# Restarts this host, once for each step that wants it. MEMBER, KEY.
lock
fence "$EPOCH"
[ -r "$M/member" ] && [ "$(sed -n 's/^id=//p' "$M/member")" = "$MEMBER" ] || finish stranger "this host is no member $MEMBER"
line_of "$M/restarted"
[ "${line%% *}" != "$KEY" ] || finish already
boot_id
put_line "$M/restarted" "$KEY $this_boot"
now=$(date +%s)
[ "$now" != "$(sed -n 's/^since=//p' "$M/member")" ] || now=$((now + 1))
{
    grep -v '^since=' "$M/member"
    printf 'since=%s\n' "$now"
} | put "$M/member"
# After the answer. Where nobody listens to an orderly wish the kernel is asked itself.
setsid sh -c 'sleep 1; systemctl reboot || reboot || reboot -f' </dev/null >/dev/null 2>&1 9>&- &
finish done
