# What passes this member: its connections, and what its devices took in, by two looks a second apart. DEVICES: those that traffic comes in on. Changes nothing.
look() {
    bytes=0
    found=0
    while IFS=' :' read -r name received _; do
        case " $DEVICES " in
        *" $name "*)
            bytes=$((bytes + received))
            found=$((found + 1))
            ;;
        esac
    done </proc/net/dev
    IFS=' ' read -r up _ </proc/uptime
    say look "$up $bytes $found"
}
tracked_connections
say connections "$tracked"
look
sleep 1
look
finish done
