namespace Maestro.PowerShell.Binding;

/// <summary>A subject given by name, id or object. An object remembers the session that it came from.</summary>
public abstract class SubjectArgument
{
    private protected SubjectArgument(string value, string session = "")
    {
        // A gateway of the pool has an empty group, for one; empty must never come to mean "all".
        if (string.IsNullOrWhiteSpace(value)) throw new ArgumentException($"It names no {Kind}.", nameof(value));
        Value = value;
        Session = session;
    }

    /// <summary>The name or id, as the engine takes it.</summary>
    public string Value { get; }

    /// <summary>The session of the object; empty for a name.</summary>
    public string Session { get; }

    /// <summary>What it is, for the message about an empty one.</summary>
    private protected abstract string Kind { get; }

    public override string ToString() => Value;
}
