# Takes this member out of service by somebody's hand, in two steps: "draining" while it still carries slots, "suspended" when it carries none. MEMBER, STATE, REASON.
lock
fence "$EPOCH"
[ -r "$M/member" ] && [ "$(sed -n 's/^id=//p' "$M/member")" = "$MEMBER" ] || finish stranger "this host is no member $MEMBER"
state=$(sed -n 's/^state=//p' "$M/member")
case $state in
"$STATE" | suspended) finish already ;;
draining) REASON=$(sed -n 's/^reason=//p' "$M/member") ;;
esac
{
    grep -v -e '^state=' -e '^since=' -e '^reason=' "$M/member"
    printf 'state=%s\nsince=%s\nreason=%s\n' "$STATE" "$(date +%s)" "$REASON"
} | put "$M/member"
finish done
