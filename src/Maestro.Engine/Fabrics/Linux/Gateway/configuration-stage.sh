# Puts a generation of the configuration on the disk and looks whether this host can have it. NUMBER, FINGERPRINT, KIB, $STAGED_CONTENT, $STAGED_ITEMS, $STAGED_TIMER, $STAGED_BOOT.
lock
fence "$EPOCH"
[ -r "$M/member" ] || finish refused "this host is no member"
d=$C/generations/$NUMBER
confirmed_configuration
[ "$confirmed" != "$NUMBER" ] || [ "$confirmed_print" = "$FINGERPRINT" ] || finish refused "generation $NUMBER is confirmed here, with another content"
mkdir -p "$d" "$C/blob" || finish refused "cannot make $d"
cat <"$STAGED_TIMER" >"$C/timer.sh.new"
if cmp -s "$C/timer.sh.new" "$C/timer.sh"; then rm -f "$C/timer.sh.new"; else replace "$C/timer.sh"; fi
cat <"$STAGED_BOOT" >"$M/boot.sh.new"
if cmp -s "$M/boot.sh.new" "$M/boot.sh"; then rm -f "$M/boot.sh.new"; else chmod 700 "$M/boot.sh.new" && replace "$M/boot.sh"; fi
line_of "$d/fingerprint"
if [ "$line" = "$FINGERPRINT" ] && hash_of <"$d/content" && [ "$hash" = "$FINGERPRINT" ]; then
    staged=already
    cat <"$STAGED_ITEMS" >/dev/null
else
    staged=done
    room_for "$KIB"
    rm -f "$d/fingerprint"
    # None of this counts before the fingerprint is there.
    cat <"$STAGED_CONTENT" >"$d/content" || finish refused "cannot write $d"
    hash_of <"$d/content"
    [ "$hash" = "$FINGERPRINT" ] || finish refused "the content did not arrive whole"
    : >"$d/items.new" && : >"$d/managed" && : >"$d/managers" || finish refused "cannot write $d"
    # A content is a word of base 64; its name is its hash.
    awk -F '\t' -v d="$d" -v blobs="$C/blob" '
        $1 == "blob" { store = "base64 -d >" blobs "/" $2 ".new && mv -f " blobs "/" $2 ".new " blobs "/" $2; print $3 | store; if (close(store) != 0) exit 1; next }
        $1 == "managed" { print $2 FS $3 >(d "/managed"); next }
        $1 == "manager" { print $2 FS $3 >(d "/managers"); next }
        { print >(d "/items.new") }' "$STAGED_ITEMS" || finish refused "cannot write $C/blob"
    sort "$d/items.new" >"$d/items" && rm -f "$d/items.new" || finish refused "cannot write $d"
    while IFS=$tab read -r kind key value <&7; do
        [ "$kind" = file ] || continue
        [ -r "$C/blob/${value%% *}" ] && hash_of <"$C/blob/${value%% *}" && [ "$hash" = "${value%% *}" ] || finish refused "the content of $key did not arrive whole"
    done 7<"$d/items"
fi
problems=
foreign=
judge_items "$d"
if [ -n "$problems$foreign" ]; then
    # What a restart brings stays, whoever has a say in it by now.
    [ "$NUMBER" = "$confirmed" ] || rm -rf "$d"
    forget_blobs
    [ -z "$foreign" ] || say foreign "$foreign"
    finish refused "$problems${problems:+${foreign:+; }}$foreign"
fi
keep "$d/content" "$d/items" "$d/managed" "$C"/blob/* "$C/blob" "$d"
put_line "$d/fingerprint" "$FINGERPRINT"
finish "$staged"
