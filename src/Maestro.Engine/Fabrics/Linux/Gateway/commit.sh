# The revert timer first, then one transaction, then the kernel is read back. NUMBER, FINGERPRINT, CONNECTIONS, REVERT seconds.
lock
fence "$EPOCH"
d=$G/$NUMBER
line_of "$d/fingerprint"
[ "$line" = "$FINGERPRINT" ] || finish refused "generation $NUMBER is not staged here"
if [ "$CONNECTIONS" = Rematch ] && ! command -v conntrack >/dev/null 2>&1; then
    finish refused "connections can be judged anew only where conntrack is installed, and it is not here"
fi
# What a restart loads already needs no way back, and is the way back from another's commit that waits for its word.
line_of "$M/generation"
if [ "$line" = "$NUMBER $FINGERPRINT" ]; then stays=1; else stays=; fi
[ -n "$stays" ] || arm "$NUMBER" "$REVERT" || {
    rm -f "$M/armed"
    finish refused "no revert timer stands: $why"
}
if proven "$NUMBER"; then
    [ -z "$stays" ] || disarm
    remember_proof "$NUMBER"
    say proven "$FINGERPRINT"
    finish already
fi
if ! load_generation "$NUMBER" carry; then
    cat "$M/nft.out"
    disarm
    finish refused "the kernel did not take it"
fi
[ "$CONNECTIONS" != Rematch ] || maestro_rematch
if proven "$NUMBER"; then
    [ -z "$stays" ] || disarm
    remember_proof "$NUMBER"
    say proven "$FINGERPRINT"
    finish done
fi
finish unproven "$why"
