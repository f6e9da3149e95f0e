# The revert timer of a committed generation, and holding out while nobody knows which generation is the group's. $A/armed: number, boot, deadline in
# seconds up. $A/timer: what the waiting process says of itself: pid, number, deadline. $A/reverted: the generation that the timer took back, and when. $A is where what is carried has these.
A=$M

# True when what lies here under the number is that content: another store may count alike. Sets why otherwise. Number, fingerprint.
is_content() {
    line_of "$A/generations/$1/fingerprint"
    [ "$line" = "$2" ] || { why="what lies here as generation $1 is ${line:-not whole}, not $2"; return 1; }
}

read_armed() {
    armed_number= armed_boot= armed_deadline=0
    [ -r "$A/armed" ] && IFS=' ' read -r armed_number armed_boot armed_deadline <"$A/armed"
}

read_timer() {
    timer_pid= timer_number= timer_deadline=
    [ -r "$A/timer" ] && IFS=' ' read -r timer_pid timer_number timer_deadline <"$A/timer"
}

waiting_process() {
    read_timer || return 1
    kill -0 "$timer_pid" 2>/dev/null && tr '\0' ' ' <"/proc/$timer_pid/cmdline" | grep -qF "$A/timer.sh"
}

# Has systemd start what takes back after so many seconds, and reads back that it waits as long as that, no more than a tenth of a second longer. Sets why otherwise.
arm_systemd() {
    unit=maestro-revert-${A##*/}-$deadline-$$
    # systemd counts from anew whenever it reads its units again, and the day's clock may jump: whichever comes first, and what is started waits for what is left.
    systemd-run --quiet --collect --unit="$unit" --on-active="$1s" --on-calendar="@$(($(date +%s) + $1 + 1))" --timer-property=AccuracySec=100ms /bin/sh "$A/timer.sh" "$deadline" 2>"$M/nft.out" || { why=$(cat "$M/nft.out"); return 1; }
    shown=$(systemctl show --property=ActiveState,SubState,AccuracyUSec,TimersMonotonic "$unit.timer" 2>&1)
    waits=${shown##*OnActiveUSec=}
    waits=${waits%% ;*}
    seconds=0
    for part in $waits; do
        case $part in
        *[!0-9]*min) seconds=-1 && break ;;
        *min) seconds=$((seconds + ${part%min} * 60)) ;;
        *[!0-9]*h | *[!0-9]*s) seconds=-1 && break ;;
        *h) seconds=$((seconds + ${part%h} * 3600)) ;;
        *s) seconds=$((seconds + ${part%s})) ;;
        *) seconds=-1 && break ;;
        esac
    done
    case $shown in *ActiveState=active*) ;; *) seconds=-1 ;; esac
    case $shown in *SubState=waiting*) ;; *) seconds=-1 ;; esac
    case $shown in *AccuracyUSec=100ms*) ;; *) seconds=-1 ;; esac
    [ "$seconds" -ne "$1" ] || return 0
    why="systemd does not say that $unit.timer waits $1 s"
    systemctl stop "$unit.timer" 2>/dev/null
    return 1
}

# Has the generation taken back after so many seconds unless that is put off or it is confirmed, and reads back that it will be. Sets why otherwise.
arm() {
    why=
    seconds_up
    boot_id
    deadline=$((up + $2))
    armed_by_systemd=
    if has_systemd; then
        # Before it is written down: whoever dies in between leaves the timer before in force, which gives way to what is written.
        arm_systemd "$2" || return 1
        armed_by_systemd=yes
    fi
    put_line "$A/armed" "$1 $this_boot $deadline"
    rm -f "$A/reverted"
    [ -z "$armed_by_systemd" ] || return 0
    if ! waiting_process; then
        rm -f "$A/timer"
        setsid /bin/sh "$A/timer.sh" </dev/null >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 8>&- 9>&- &
    fi
    tries=0
    # What it says costs nothing to read; whether it lives is asked once it says the right thing.
    while ! { read_timer && [ "$timer_number $timer_deadline" = "$1 $deadline" ] && waiting_process; }; do
        # Again each time: one that came between its look and its sleep was not heard.
        [ -z "$timer_pid" ] || kill -USR1 "$timer_pid" 2>/dev/null
        tries=$((tries + 1))
        [ "$tries" -le 200 ] || { why="the waiting process does not say that it waits for $deadline"; return 1; }
        sleep 0.02 2>/dev/null || sleep 1
    done
}

# Nobody takes anything back any more, and traffic flows.
disarm() {
    rm -f "$A/armed" "$A/reverted"
    # Its timers, and what one of them has started and waits for our lock.
    ! has_systemd || systemctl stop "maestro-revert-${A##*/}-*" 2>/dev/null
    ! waiting_process || kill -- "-$timer_pid" 2>/dev/null || kill "$timer_pid" 2>/dev/null
    rm -f "$A/timer"
    release
}

# True when the timer took the generation back. Sets why then.
was_reverted() {
    line_of "$A/reverted"
    [ "${line%% *}" = "$1" ] && why="its revert timer ran out: it went back to what a restart loads"
}

# True when the kernel says that it runs the generation and a timer is to take it back. Sets why otherwise.
stands() {
    why=
    read_armed
    ! was_reverted "$1" || return 1
    runs "$1" || return 1
    boot_id
    [ "$armed_number" = "$1" ] && [ "$armed_boot" = "$this_boot" ] || { why="no revert timer stands for generation $1"; return 1; }
}

# Forwards nothing, ahead of any policy, until somebody who knows the group's generation has settled it. $A/held says that the chain is there.
hold() {
    : >"$A/held"
    nft -f - <<HOLD
add table inet maestro
add chain inet maestro hold { type filter hook forward priority -400; policy drop; }
HOLD
}

holding() { { [ -e "$M/held" ] || [ -e "$M/configuration/held" ]; } && nft list chain inet maestro hold >/dev/null 2>&1; }

release() {
    [ -e "$A/held" ] || return 0
    rm -f "$A/held"
    # Where the other is in doubt as well, it lets the traffic go.
    [ ! -e "$M/held" ] && [ ! -e "$M/configuration/held" ] || return 0
    nft -f - <<RELEASE || { : >"$A/held"; return 1; }
add table inet maestro
add chain inet maestro hold { type filter hook forward priority -400; policy drop; }
delete chain inet maestro hold
RELEASE
}

# Makes the kernel hold what a restart loads. Sets why otherwise.
go_back() {
    confirmed_generation
    if [ -n "$confirmed" ]; then
        if ! proven "$confirmed"; then
            load_generation "$confirmed" carry || { why="the confirmed generation $confirmed does not load: $(cat "$M/nft.out")"; return 1; }
            proven "$confirmed" || { why="generation $confirmed was loaded, but $why"; return 1; }
        fi
    elif running_generation && [ -n "$running" ] || ! nft list table inet maestro_initial >/dev/null 2>&1; then
        load_initial || { why="the initial policy does not load: $(cat "$M/nft.out")"; return 1; }
        running_generation
        [ -z "$running" ] || { why="the kernel still says that it runs generation $running"; return 1; }
    fi
}
