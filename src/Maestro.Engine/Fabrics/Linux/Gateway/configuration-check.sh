# Whether all of the generation reads back, under a timer that leaves time to decide. NUMBER, FINGERPRINT, LEAST seconds.
confirmed_configuration
if [ "$confirmed $confirmed_print" != "$NUMBER $FINGERPRINT" ]; then
    stands "$NUMBER" || finish refused "$why"
    seconds_up
    left=$((armed_deadline - up))
    [ "$left" -ge "$LEAST" ] || finish refused "its revert timer leaves $left s, too little to decide in"
fi
is_content "$NUMBER" "$FINGERPRINT" || finish refused "$why"
configured "$NUMBER" || finish unproven "$why"
finish done
