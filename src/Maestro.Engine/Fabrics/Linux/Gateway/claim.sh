# Claims the group on this host. EPOCH: the lowest that would do. HOLDER: the new holder's line. OPERATION: its operation.
# TTL: seconds. SUPERSEDE: an operation whose owner is known to be dead. MODE: claim, renew or release.
# Holder file: operation, seconds up at the last renewal, TTL, boot id of this host, then the owner in one line of text that ends with
# the time of the claim by the controller's clock: for people, nothing is reckoned with it.
holder_operation= holder_up=0 holder_ttl=0 holder_boot= holder_text=
read_holder() {
    [ -r "$M/holder" ] || return 0
    IFS=' ' read -r holder_operation holder_up holder_ttl holder_boot holder_text <"$M/holder" || :
}

holder_lives() {
    [ -n "$holder_operation" ] && [ "$holder_boot" = "$this_boot" ] && [ $((holder_up + holder_ttl)) -gt "$up" ]
}

write_holder() { put_line "$M/holder" "$OPERATION $up $TTL $this_boot $1"; }

lock
read_holder
epoch_seen
seconds_up
boot_id
case $MODE in
release)
    # With a later epoch another process has gone on with the operation, and holds it now.
    [ "$holder_operation" != "$OPERATION" ] || [ "$seen" -gt "$EPOCH" ] || rm -f "$M/holder"
    finish released
    ;;
esac

if holder_lives && [ "$holder_operation" != "$OPERATION" ] && [ "$holder_operation" != "$SUPERSEDE" ]; then
    say epoch "$seen"
    say holder "$holder_operation $holder_text"
    finish held
fi

case $MODE in
renew)
    if [ "$seen" -gt "$EPOCH" ]; then
        say epoch "$seen"
        finish lost "epoch $seen was accepted here meanwhile"
    fi
    [ "$holder_operation" = "$OPERATION" ] || holder_text=$HOLDER
    [ "$seen" -eq "$EPOCH" ] || accept_epoch "$EPOCH"
    write_holder "$holder_text"
    say epoch "$EPOCH"
    finish granted
    ;;
claim)
    next=$((seen + 1))
    [ "$next" -ge "$EPOCH" ] || next=$EPOCH
    accept_epoch "$next"
    write_holder "$HOLDER"
    say epoch "$next"
    finish granted
    ;;
esac
