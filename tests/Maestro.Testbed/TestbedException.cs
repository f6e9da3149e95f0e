namespace Maestro.Testbeds;

/// <summary>A testbed could not do what was asked of it. The message carries the log of whatever failed.</summary>
public sealed class TestbedException(string message) : Exception(message);
