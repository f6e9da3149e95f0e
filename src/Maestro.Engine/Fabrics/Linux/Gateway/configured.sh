
# What the revert timer and its helpers are for a configuration.
A=$C
go_back() { configuration_back; }
runs() { brought "$1"; }
