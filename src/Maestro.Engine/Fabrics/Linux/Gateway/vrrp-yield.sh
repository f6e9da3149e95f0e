# Has this host give the addresses that neighbours send to to the other one, and stand ready for them again. ADDRESSES: them.
lock
vrrp_runs || finish refused "keepalived does not run on this host"
has_addresses() {
    there=" $(ip -o address show 2>/dev/null | sed 's/.* inet6* \([^ /]*\).*/\1/' | tr '\n' ' ') "
    for address in $ADDRESSES; do
        case $there in *" $address "*) return 0 ;; esac
    done
    return 1
}
has_addresses || finish already
# Whatever ends this, it stands ready again.
trap 'put_line "$S/hold" 0' EXIT
trap 'exit 1' HUP INT TERM
put_line "$S/hold" 1
tries=0
while has_addresses; do
    tries=$((tries + 1))
    [ "$tries" -le 100 ] || finish refused "keepalived did not let go of the addresses"
    sleep 0.05 2>/dev/null || sleep 1
done
# Until the other one has said that it has them: whoever has the higher priority would take them back.
sleep 0.5 2>/dev/null || sleep 1
finish done
