# The boot step: fail-closed first, then the last confirmed generation from the disk.
[ -r "$M/initial.nft" ] || exit 0
nft -f "$M/initial.nft" || exit 1
lock
accept_epoch "$(epoch_seen)"
confirmed=$(confirmed_generation)
[ -n "$confirmed" ] || exit 0
load_generation "$confirmed" || {
    cat "$M/nft.out" >&2
    nft -f "$M/initial.nft"
    exit 1
}
