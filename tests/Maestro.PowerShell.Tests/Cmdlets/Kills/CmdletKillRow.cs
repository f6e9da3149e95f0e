namespace Maestro.PowerShell.Tests.Cmdlets.Kills;

/// <summary>One cmdlet that is killed at its work. The scripts may use <c>$free</c>, a gateway of the pool, and the files <c>$policy</c>, <c>$configuration</c> and <c>$second</c>.</summary>
internal sealed record CmdletKillRow
{
    /// <summary>What the world needs first; an error in it is no matter where it is a time-out that was meant.</summary>
    public string Prepare { get; init; } = "";

    /// <summary>The call that is killed.</summary>
    public required string Call { get; init; }

    /// <summary>What the next run calls; empty for the same again.</summary>
    public string Next { get; init; } = "";

    /// <summary>An expression that shows the wanted state.</summary>
    public required string Look { get; init; }

    /// <summary>What it shows when the state is there.</summary>
    public required string Want { get; init; }

    /// <summary>Virtual seconds a real second; null to choose it so that the call takes a moment.</summary>
    public int? Speed { get; init; }
}
