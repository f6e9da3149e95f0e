# Back to what a restart brings. NUMBER, FINGERPRINT: the generation to forget; another store may have staged one of the same number.
lock
fence "$EPOCH"
[ -d "$C" ] || finish already
configuration_back || finish refused "$why"
disarm
line_of "$C/generations/$NUMBER/fingerprint"
if [ "$NUMBER" != "$confirmed" ] && [ "${line:-$FINGERPRINT}" = "$FINGERPRINT" ]; then rm -rf "$C/generations/$NUMBER"; fi
forget_blobs
finish done
