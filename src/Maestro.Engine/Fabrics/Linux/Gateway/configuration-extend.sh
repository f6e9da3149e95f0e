# More time before the generation is taken back: the group has decided for it. NUMBER, FINGERPRINT, REVERT.
lock
fence "$EPOCH"
confirmed_configuration
[ "$confirmed $confirmed_print" != "$NUMBER $FINGERPRINT" ] || finish already
stands "$NUMBER" || finish reverted "$why"
is_content "$NUMBER" "$FINGERPRINT" || finish refused "$why"
arm "$NUMBER" "$REVERT" || finish refused "no revert timer stands: $why"
finish done
