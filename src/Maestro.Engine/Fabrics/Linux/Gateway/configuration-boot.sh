
# A restart took away what the kernel had, and what a commit left half-way on the disk goes back first. Called by the boot step, before the network comes up.
maestro_configuration_boot() {
    lock
    rm -f "$A/held" "$A/timer" "$C/running"
    confirmed_configuration
    undo_number
    if [ -n "$undone" ] && [ "$undone" != "$confirmed" ]; then
        drop_next "$C/undo/items"
        bring_all "$C/undo/items" soft
        # Only what is on the disk outlived the restart.
        grep "^file$tab" "$C/undo/items" >"$C/files" || :
        if reads_back "$C/files"; then rm -rf "$C/undo"; else echo "maestro: $why" >&2; fi
        rm -f "$C/files"
    else
        rm -rf "$C/undo"
    fi
    # It went down between a commit and what became of it, so the others may have another generation than its disk.
    if read_armed; then
        if [ "$armed_number" = "$confirmed" ]; then rm -f "$A/armed"; else hold; fi
    fi
    [ -n "$confirmed" ] || exit 0
    put_line "$C/running" "$confirmed"
    bring_ours && exit 0
    # Devices come up after this; until they do, their routes cannot be had.
    setsid /bin/sh "$C/timer.sh" later </dev/null >/dev/null 2>&1 9>&- &
    exit 0
}

# What the host's own manager does not bring when it comes up.
bring_ours() {
    confirmed_configuration
    awk -F '\t' 'FILENAME == ARGV[1] { managed[$1 FS $2] = 1; next } !(($1 FS $2) in managed)' "$C/generations/$confirmed/managed" "$C/generations/$confirmed/items" >"$C/ours"
    bring_all "$C/ours" soft && reads_back "$C/ours"
    ended=$?
    rm -f "$C/ours"
    return "$ended"
}

# A network that is not up after five minutes is nothing to wait for; the next sync heals.
maestro_configuration_later() {
    tries=0
    while [ "$tries" -lt 150 ]; do
        sleep 2
        exec 9>"$M/lock"
        flock 9
        undo_number
        [ -z "$undone" ] && [ -r "$C/confirmed" ] || exit 0
        ! bring_ours || exit 0
        exec 9>&-
        tries=$((tries + 1))
    done
    exit 0
}

case ${1:-} in
boot) maestro_configuration_boot ;;
later) maestro_configuration_later ;;
esac
