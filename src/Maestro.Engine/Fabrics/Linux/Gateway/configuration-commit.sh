# What is there goes to the disk first, then the revert timer, then item by item, then all is read back. NUMBER, FINGERPRINT, REVERT seconds.
lock
fence "$EPOCH"
d=$C/generations/$NUMBER
line_of "$d/fingerprint"
[ "$line" = "$FINGERPRINT" ] || finish refused "generation $NUMBER is not staged here"
undo_number
confirmed_configuration
if [ -n "$undone" ] && [ "$undone" != "$NUMBER" ]; then
    configuration_back || finish refused "the commit of generation $undone is not taken back yet: $why"
    disarm
    confirmed_configuration
fi
if [ "$confirmed $confirmed_print" = "$NUMBER $FINGERPRINT" ]; then
    # What a restart brings already needs no way back.
    if configured "$NUMBER"; then finish already; fi
    bring_all "$d/items" || finish refused "$why"
    put_line "$C/running" "$NUMBER"
    configured "$NUMBER" || finish unproven "$why"
    finish done
fi
remember "$NUMBER" || finish refused "what is there now cannot be written to $C/undo, so nothing was changed"
arm "$NUMBER" "$REVERT" || {
    rm -f "$A/armed"
    rm -rf "$C/undo"
    finish refused "no revert timer stands: $why"
}
if configured "$NUMBER"; then finish already; fi
if ! bring_all "$C/undo/target"; then
    failed=$why
    if configuration_back; then disarm; else failed="$failed; and it did not go back: $why"; fi
    finish refused "$failed"
fi
put_line "$C/running" "$NUMBER"
configured "$NUMBER" && reads_back "$C/undo/target" || finish unproven "$why"
finish done
