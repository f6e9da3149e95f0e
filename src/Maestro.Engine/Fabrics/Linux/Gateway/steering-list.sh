# By which rules this host steers which groups. PREFIX: of their tables' names.
nft list tables inet 2>/dev/null | while read -r _ _ name; do
    case $name in
    "$PREFIX"*)
        say section "$name"
        nft -j list map inet "$name" rules 2>/dev/null
        ;;
    esac
done
finish done
