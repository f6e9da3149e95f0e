# Makes the generation the one that a restart loads. NUMBER, FINGERPRINT.
lock
fence "$EPOCH"
line_of "$M/generation"
if [ "$line" = "$NUMBER $FINGERPRINT" ]; then
    # A healed member, or one that died between the two halves of this script; another's later commit keeps its timer.
    read_armed
    [ "${armed_number:-$NUMBER}" = "$NUMBER" ] || finish refused "generation $armed_number was committed here since, and waits for its own word"
    disarm
    finish already
fi
! was_reverted "$NUMBER" || finish reverted "$why"
is_content "$NUMBER" "$FINGERPRINT" || finish refused "not confirmed: $why"
# The commit has proven it a moment ago as a rule; what the kernel says of itself is asked again in any case.
proven_lately "$NUMBER" || proven "$NUMBER" || finish refused "not confirmed: $why"
confirmed_generation
put_line "$M/generation" "$NUMBER $FINGERPRINT"
disarm
# The one before stays, for a look back; older ones go.
for old in "$G"/*; do
    case ${old##*/} in
    "$NUMBER" | "$confirmed") ;;
    *) rm -rf "$old" ;;
    esac
done
finish done
