# Whether the kernel holds the generation as it was proven, under a timer that leaves time to decide. NUMBER, FINGERPRINT, LEAST seconds.
if [ "$(line_of "$M/generation")" != "$NUMBER $FINGERPRINT" ]; then
    stands "$NUMBER" || finish refused "$why"
    left=$((armed_deadline - $(seconds_up)))
    [ "$left" -ge "$LEAST" ] || finish refused "its revert timer leaves $left s, too little to decide in"
fi
proven_lately "$NUMBER" || proven "$NUMBER" || finish unproven "$why"
finish done
