# Copies of connections between members, over SSH of their own. $Y/table: what statesync.pl reads. $Y/key, host: this member's keys. $Y/known,
# authorized_keys: the others'. $Y/runner: the pid of run.sh, which keeps both ends running. $Y/sends: the boot in which this member was told to send.
Y=$M/sync

# True when run.sh runs. Sets runner.
sync_runs() {
    line_of "$Y/runner"
    runner=$line
    [ -n "$runner" ] && kill -0 "$runner" 2>/dev/null && tr '\0' ' ' <"/proc/$runner/cmdline" | grep -qF "$Y/run.sh"
}

start_sync() {
    setsid /bin/sh "$Y/run.sh" "$Y" </dev/null >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 8>&- 9>&- &
    tries=0
    until sync_runs; do
        tries=$((tries + 1))
        [ "$tries" -le 100 ] || return 1
        sleep 0.05 2>/dev/null || sleep 1
    done
}

stop_sync() {
    if sync_runs; then
        # It and all that it started.
        kill -- "-$runner" 2>/dev/null || kill "$runner" 2>/dev/null
        rm -f "$Y/runner"
    fi
    # sshd gives each receiver a session of its own.
    for lock in "$Y"/receive.*.lock; do
        line_of "$lock"
        [ -n "$line" ] && tr '\0' ' ' <"/proc/$line/cmdline" 2>/dev/null | grep -qF "$Y/statesync.pl receive" && kill -KILL "$line" 2>/dev/null
    done
    return 0
}
