'started'
try {
    while ($true) { [Threading.Thread]::Sleep(10) }
}
finally {
    [Console]::WriteLine('came to rest')
}
