# Asked by keepalived every other second: may this host have the addresses that neighbours send to? A no while a script of ours is at work says nothing: what
# stood stands. It holds our lock for no longer than it takes to see that, else scripts would wait for it. One that ends right then is why keepalived asks twice.
said=/run/maestro-steers
steers
answer=$?
if [ "$answer" -ne 0 ]; then
    exec 9>"$M/lock"
    flock -n -s 9 || {
        line_of "$said"
        exit "${line:-1}"
    }
    exec 9>&-
fi
line_of "$said"
[ "$line" = "$answer" ] || echo "$answer" >"$said"
exit "$answer"
