# Makes this host a member: who it is, the fail-closed policy, the boot step. EPOCH, and files on their way in $STAGED_*.
lock
fence "$EPOCH"
put "$M/group" <"$STAGED_GROUP"
if [ ! -r "$M/member" ] || [ "$(sed -n 's/^id=//p' "$M/member")" != "$MEMBER" ]; then
    printf 'id=%s\nstate=joining\nsince=%s\nepoch=%s\nweight=%s\ndescription=%s\n' "$MEMBER" "$(date +%s)" "$EPOCH" "$WEIGHT" "$DESCRIPTION" | put "$M/member"
fi
put "$M/initial.nft" <"$STAGED_INITIAL"
put "$M/boot.sh" <"$STAGED_BOOT"
chmod 700 "$M/boot.sh"
mkdir -p "$M/generations"
boot_by_itself maestro-boot "Maestro: fail-closed policy, then the confirmed generation" "$M/boot.sh" || finish refused "the boot step cannot be enabled"
running_generation
if [ -z "$running" ]; then
    load_initial || finish refused "the initial policy does not load: $(cat "$M/nft.out")"
fi
nft list table inet maestro_initial >/dev/null 2>&1 || [ -n "$running" ] || finish refused "the initial policy is not in the kernel"
finish done
