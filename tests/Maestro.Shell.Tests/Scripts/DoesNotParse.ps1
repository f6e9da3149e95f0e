if ($true) {
    foo(
}
