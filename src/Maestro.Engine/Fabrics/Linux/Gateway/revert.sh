# Back to what a restart loads. NUMBER: the generation to forget.
lock
fence "$EPOCH"
go_back || finish refused "$why"
disarm
confirmed_generation
if [ "$NUMBER" != "$confirmed" ]; then rm -rf "$G/$NUMBER"; fi
finish done
