# One transaction, then the kernel is read back. NUMBER, FINGERPRINT, CONNECTIONS.
lock
fence "$EPOCH"
d=$(generation_directory "$NUMBER")
[ "$(line_of "$d/fingerprint")" = "$FINGERPRINT" ] || finish refused "generation $NUMBER is not staged here"
if proven "$NUMBER"; then
    remember_proof "$NUMBER"
    say proven "$FINGERPRINT"
    finish already
fi
if [ "$CONNECTIONS" = Rematch ] && ! command -v conntrack >/dev/null 2>&1; then
    finish refused "connections can be judged anew only where conntrack is installed, and it is not here"
fi
if ! load_generation "$NUMBER" carry; then
    cat "$M/nft.out"
    finish refused "the kernel did not take it"
fi
[ "$CONNECTIONS" != Rematch ] || maestro_rematch
if proven "$NUMBER"; then
    remember_proof "$NUMBER"
    say proven "$FINGERPRINT"
    finish done
fi
finish unproven "$why"
