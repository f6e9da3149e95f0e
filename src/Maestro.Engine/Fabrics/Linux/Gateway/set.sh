# New properties of the group, and of this member. An empty WEIGHT is by cores.
lock
fence "$EPOCH"
[ -r "$M/member" ] || finish refused "this host is no member"
put "$M/group" <"$STAGED_GROUP"
{
    grep -v -e '^weight=' -e '^description=' "$M/member"
    printf 'weight=%s\ndescription=%s\n' "$WEIGHT" "$DESCRIPTION"
} | put "$M/member"
finish done
