# Back to what a restart loads. NUMBER: the generation to forget.
lock
fence "$EPOCH"
go_back || finish refused "$why"
disarm
if [ "$NUMBER" != "$(confirmed_generation)" ]; then rm -rf "$(generation_directory "$NUMBER")"; fi
finish done
