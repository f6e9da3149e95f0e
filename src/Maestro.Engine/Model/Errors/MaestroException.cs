namespace Maestro.Engine.Model.Errors;

/// <summary>A failure with a stable id, the subject that it happened to, and what the user should do next.</summary>
public class MaestroException : Exception
{
    /// <param name="code">The entry of the catalogue.</param>
    /// <param name="message">What happened, to whom, and what was left as it is.</param>
    /// <param name="target">The subject, as a user would type it: a group, a member, a path.</param>
    /// <param name="advice">What to do next; the catalogue's advice when absent.</param>
    /// <param name="innerException">What lay beneath, kept for the error record.</param>
    public MaestroException(ErrorCode code, string message, string? target = null, string? advice = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Target = target;
        Advice = advice ?? code.Advice;
    }

    public ErrorCode Code { get; }

    public string? Target { get; }

    public string Advice { get; }
}
