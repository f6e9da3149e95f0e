# Whether the kernel holds the generation as it was proven, under a timer that leaves time to decide. NUMBER, FINGERPRINT, LEAST seconds.
line_of "$M/generation"
if [ "$line" != "$NUMBER $FINGERPRINT" ]; then
    stands "$NUMBER" || finish refused "$why"
    seconds_up
    left=$((armed_deadline - up))
    [ "$left" -ge "$LEAST" ] || finish refused "its revert timer leaves $left s, too little to decide in"
fi
is_content "$NUMBER" "$FINGERPRINT" || finish refused "$why"
proven_lately "$NUMBER" || proven "$NUMBER" || finish unproven "$why"
finish done
