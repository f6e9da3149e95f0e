namespace Maestro.PowerShell.Binding;

/// <summary>A subject given by name, id or object. An object remembers the session that it came from.</summary>
public abstract class SubjectArgument
{
    private protected SubjectArgument(string value, string session = "")
    {
        Value = value;
        Session = session;
    }

    /// <summary>The name or id, as the engine takes it.</summary>
    public string Value { get; }

    /// <summary>The session of the object; empty for a name.</summary>
    public string Session { get; }

    public override string ToString() => Value;
}
