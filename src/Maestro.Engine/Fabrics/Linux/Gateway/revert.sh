# Back to what a restart loads. NUMBER, FINGERPRINT: the generation to forget; another store may have staged one of the same number.
lock
fence "$EPOCH"
go_back || finish refused "$why"
disarm
confirmed_generation
line_of "$G/$NUMBER/fingerprint"
if [ "$NUMBER" != "$confirmed" ] && [ "${line:-$FINGERPRINT}" = "$FINGERPRINT" ]; then rm -rf "$G/$NUMBER"; fi
finish done
