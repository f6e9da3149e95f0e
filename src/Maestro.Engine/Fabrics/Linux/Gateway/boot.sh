# The boot step: fail-closed first, then the last confirmed generation from the disk.
[ -r "$M/initial.nft" ] || exit 0
nft -f "$M/initial.nft" || exit 1
[ ! -r "$M/configuration/timer.sh" ] || /bin/sh "$M/configuration/timer.sh" boot
# Copies of the others' connections are kept from now on; of its own it has none.
[ ! -r "$M/sync/run.sh" ] || setsid /bin/sh "$M/sync/run.sh" "$M/sync" </dev/null >/dev/null 2>&1 &
lock
epoch_seen
accept_epoch "$seen"
# It went down between a commit and what became of it, so the others may hold another generation than its disk.
rm -f "$M/held"
confirmed_generation
if read_armed; then
    if [ "$armed_number" = "$confirmed" ]; then rm -f "$M/armed"; else hold; fi
fi
[ -n "$confirmed" ] || exit 0
load_generation "$confirmed" || {
    cat "$M/nft.out" >&2
    nft -f "$M/initial.nft"
    exit 1
}
