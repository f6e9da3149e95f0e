# Makes the generation the one that a restart brings. NUMBER, FINGERPRINT.
lock
fence "$EPOCH"
confirmed_configuration
if [ "$confirmed $confirmed_print" = "$NUMBER $FINGERPRINT" ]; then
    # A healed member, or one that died between the halves of this script; another's later commit keeps its timer.
    undo_number
    [ "${undone:-$NUMBER}" = "$NUMBER" ] || finish refused "generation $undone was committed here since, and waits for its own word"
    rm -rf "$C/undo"
    disarm
    finish already
fi
! was_reverted "$NUMBER" || finish reverted "$why"
is_content "$NUMBER" "$FINGERPRINT" || finish refused "not confirmed: $why"
configured "$NUMBER" || finish refused "not confirmed: $why"
undo_number
[ "$undone" = "$NUMBER" ] || finish refused "what was there before generation $NUMBER is not on the disk"
cp "$C/undo/base" "$C/generations/$NUMBER/base.new" && replace "$C/generations/$NUMBER/base"
# What was renamed must be on the disk before the way back is given up.
sync
put_line "$C/confirmed" "$NUMBER $FINGERPRINT"
rm -rf "$C/undo"
disarm
# The one before stays, for a look back; older ones go.
for old in "$C"/generations/*; do
    case ${old##*/} in
    "$NUMBER" | "$confirmed") ;;
    *) rm -rf "$old" ;;
    esac
done
forget_blobs
finish done
