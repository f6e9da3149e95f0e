# The connections that this host's kernel tracks. Changes nothing.
command -v conntrack >/dev/null 2>&1 || finish refused "conntrack is missing on this host (package conntrack), so nobody learns its connections"
say section own
ip -o addr show 2>/dev/null
# What "save" leaves out.
say section marked
conntrack -L -o extended 2>/dev/null | sed -n '/ mark=[1-9]/p'
say section entries
conntrack -L -o save 2>/dev/null || finish refused "conntrack does not list the connections"
finish done
