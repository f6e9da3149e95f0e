# The revert timer: waits for the deadline in $A/armed, then takes back the generation that nobody confirmed. Runs detached from whoever armed it. $1: the
# deadline that a systemd timer started it for; empty when this process does the waiting.
# A timer that has a second moment to come is not to start this again.
[ -z "${1:-}" ] || trap 'systemctl stop --no-block "maestro-revert-${A##*/}-$1-*.timer" 2>/dev/null' EXIT
nap=
wake() { [ -z "$nap" ] || kill "$nap" 2>/dev/null; }
trap wake USR1

while read_armed; do
    boot_id
    [ "$armed_boot" = "$this_boot" ] || exit 0
    # Another timer waits for a later deadline.
    [ -z "${1:-}" ] || [ "$armed_deadline" = "$1" ] || exit 0
    printf '%s %s %s\n' "$$" "$armed_number" "$armed_deadline" >"$A/timer.new" && mv -f "$A/timer.new" "$A/timer"
    seconds_up
    left=$((armed_deadline - up))
    if [ "$left" -gt 0 ]; then
        sleep "$left" &
        nap=$!
        # Ends early when the deadline moved or went.
        wait "$nap"
        kill "$nap" 2>/dev/null
        nap=
        continue
    fi
    exec 9>"$M/lock"
    flock 9
    due=$armed_deadline
    if read_armed && [ "$armed_deadline" = "$due" ]; then
        # So late only when it stood still: the others may have gone on without it.
        seconds_up
        [ $((up - due)) -le 30 ] || hold
        if go_back; then
            put_line "$A/reverted" "$armed_number $(date +%s)"
            # What holds out stays in doubt, over a restart too.
            [ -e "$A/held" ] || rm -f "$A/armed"
            rm -f "$A/timer"
            exit 0
        fi
        exec 9>&-
        sleep 2
    else
        exec 9>&-
    fi
done
rm -f "$A/timer"
