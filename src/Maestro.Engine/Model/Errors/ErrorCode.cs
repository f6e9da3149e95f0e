namespace Maestro.Engine.Model.Errors;

/// <summary>What kind of trouble a failure is; the cmdlets map it to PowerShell's error category of the same name.</summary>
public enum ErrorKind
{
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    ObjectNotFound,
    ResourceExists,
    ResourceBusy,
    ResourceUnavailable,
    ConnectionError,
    OperationTimeout,
    OperationStopped,
    AuthenticationError,
    PermissionDenied,
    SecurityError,
    NotImplemented,
    LimitsExceeded,
    WriteError,
}

/// <summary>One failure that a user can meet: a stable id, its kind, and what to do about it.</summary>
/// <remarks>Ids are an interface: scripts match them. They are added, never renamed. All stand in <see cref="ErrorCatalogue"/>.</remarks>
public sealed record ErrorCode(string Id, ErrorKind Kind, string Meaning, string Advice)
{
    public override string ToString() => Id;
}
