# The redundancy of orchestrating hosts: keepalived gives the addresses that neighbours send to to one of them. $V: ours, whole. $K: keepalived's own; where
# nobody has one we write it, and it does nothing but include ours. $S/steers.sh: keepalived asks it whether this host may have the addresses. $S/hold: 1 while
# it is to give them up. $S/ahead: 1 while another host of them may go by an older table.
V=/etc/keepalived/maestro.conf
K=/etc/keepalived/keepalived.conf
OURS='# Written by Maestro, which takes it away again.'

# Our keepalived.conf: scripts only of those that root alone can write, three seconds to hear who has the addresses, and before all else when the host is busy.
vrrp_main() {
    cat <<MAIN
$OURS
global_defs {
    enable_script_security
    vrrp_startup_delay 3
    vrrp_priority -20
}
include $V
MAIN
}

is_ours() {
    line_of "$1"
    [ "$line" = "$OURS" ]
}

has_keepalived() { command -v keepalived >/dev/null 2>&1; }

# True when keepalived runs. Sets vrrp_pid.
vrrp_runs() {
    line_of /run/keepalived.pid
    vrrp_pid=$line
    [ -n "$vrrp_pid" ] || return 1
    line_of "/proc/$vrrp_pid/comm"
    [ "$line" = keepalived ]
}

# True when keepalived was told just that. Text.
is_told() { [ "$(cat "$V" 2>/dev/null)" = "$1" ]; }

# Ends, before anything is changed, when keepalived would not take what it is to be told. KEEPALIVED: that.
try_vrrp() {
    [ -n "$KEEPALIVED" ] && has_keepalived || return 0
    if [ -s "$K" ] && ! is_ours "$K" && ! grep -Eq '^[[:space:]]*include[a-z]*[[:space:]].*(/|[[:space:]])(maestro|\*)\.conf' "$K"; then
        finish foreign "$K is somebody else's, and does not include $V"
    fi
    ! is_told "$KEEPALIVED" || return 0
    { vrrp_main | grep -v '^include ' && printf '%s\n' "$KEEPALIVED"; } >"$S/vrrp.try" || finish refused "cannot write to $S"
    keepalived --config-test --use-file "$S/vrrp.try" >"$S/vrrp.out" 2>&1 || finish refused "keepalived does not take its configuration: $(head -n 1 "$S/vrrp.out")"
}

start_vrrp() {
    if has_systemd; then
        systemctl enable keepalived.service >/dev/null 2>&1
        systemctl restart keepalived.service >/dev/null 2>&1
    else
        setsid keepalived </dev/null >/dev/null 2>&1 3<&- 4<&- 5<&- 6<&- 7<&- 8>&- 9>&-
    fi
    tries=0
    until vrrp_runs; do
        tries=$((tries + 1))
        [ "$tries" -le 100 ] || return 1
        sleep 0.05 2>/dev/null || sleep 1
    done
}

# Makes keepalived go by what it is to be told, and run. KEEPALIVED: that. STEERS: its question.
bring_vrrp() {
    has_keepalived || return 0
    put_line "$S/hold" 0
    [ "$(cat "$S/steers.sh" 2>/dev/null)" = "$STEERS" ] || put_line "$S/steers.sh" "$STEERS"
    changed=
    is_told "$KEEPALIVED" || { put_line "$V" "$KEEPALIVED" && changed=yes; }
    [ -s "$K" ] || { vrrp_main >"$K.new" && replace "$K" && changed=yes; }
    if ! vrrp_runs; then
        start_vrrp
    elif [ -n "$changed" ]; then
        # Who has the addresses keeps them.
        kill -HUP "$vrrp_pid"
    fi
}

# Takes it all away, the addresses in an orderly way: the other host has them at once.
drop_vrrp() {
    [ -e "$V" ] || return 0
    rm -f "$V"
    if is_ours "$K"; then
        rm -f "$K"
        if has_systemd; then
            systemctl stop keepalived.service >/dev/null 2>&1
        elif vrrp_runs; then
            kill "$vrrp_pid"
        fi
        tries=0
        while vrrp_runs && [ "$tries" -lt 100 ]; do
            tries=$((tries + 1))
            sleep 0.05 2>/dev/null || sleep 1
        done
    elif vrrp_runs; then
        kill -HUP "$vrrp_pid"
    fi
    rm -f "$S/steers.sh" "$S/hold" "$S/ahead"
    say removed "$V"
}

tell_vrrp() {
    if has_keepalived; then say keepalived there; else say keepalived missing; fi
    [ -e "$V" ] || return 0
    ! vrrp_runs || say vrrp.runs yes
    steers || say vrrp.unfit "$why"
    say section vrrp
    cat "$V"
    say section addresses
    ip -o address show 2>/dev/null
}
