# Makes the generation the one that a restart loads. NUMBER, FINGERPRINT.
lock
fence "$EPOCH"
d=$(generation_directory "$NUMBER")
if [ "$(line_of "$M/generation")" = "$NUMBER $FINGERPRINT" ]; then
    # A healed member, or one that died between the two halves of this script.
    disarm
    finish already
fi
! was_reverted "$NUMBER" || finish reverted "$why"
# The commit has proven it a moment ago as a rule; what the kernel says of itself is asked again in any case.
proven_lately "$NUMBER" || proven "$NUMBER" || finish refused "not confirmed: $why"
previous=$(confirmed_generation)
printf '%s %s\n' "$NUMBER" "$FINGERPRINT" | put "$M/generation"
disarm
# The one before stays, for a look back; older ones go.
for old in "$M"/generations/*; do
    case ${old##*/} in
    "$NUMBER" | "$previous") ;;
    *) rm -rf "$old" ;;
    esac
done
finish done
