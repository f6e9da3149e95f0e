# Back to what a restart loads. NUMBER: the generation to forget.
lock
fence "$EPOCH"
confirmed=$(confirmed_generation)
running=$(running_generation)
if [ -n "$confirmed" ]; then
    if ! proven "$confirmed"; then
        load_generation "$confirmed" carry || finish refused "the confirmed generation $confirmed does not load: $(cat "$M/nft.out")"
        proven "$confirmed" || finish refused "generation $confirmed was loaded, but $why"
    fi
elif [ -n "$running" ] || ! nft list table inet maestro_initial >/dev/null 2>&1; then
    load_initial || finish refused "the initial policy does not load: $(cat "$M/nft.out")"
    [ -z "$(running_generation)" ] || finish refused "the kernel still says that it runs generation $running"
fi
if [ "$NUMBER" != "$confirmed" ]; then rm -rf "$(generation_directory "$NUMBER")"; fi
finish done
