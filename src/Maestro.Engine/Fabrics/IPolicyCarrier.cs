using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>What becomes of established flows that the new policy forbids.</summary>
public enum ConnectionTreatment
{
    Keep,
    Rematch,
}

/// <summary>A policy that was read, resolved and checked as far as that goes without a gateway.</summary>
public sealed record PolicyDocument : GenerationDocument;

/// <summary>How policies read on one member, each in the member's own words, so that they can be compared line by line.</summary>
public sealed record PolicyListing
{
    /// <summary>False when the member did not answer or could not list them; nothing else is known then.</summary>
    public required bool Answered { get; init; }

    /// <summary>What the intended content makes of an empty kernel there.</summary>
    public string Intended { get; init; } = "";

    /// <summary>The same for the content that a restart loads; null when there is none.</summary>
    public string? Confirmed { get; init; }

    /// <summary>What the kernel holds of the policy's tables, without counters and what traffic put in.</summary>
    public string Actual { get; init; } = "";

    public string Evidence { get; init; } = "";
}

/// <summary>Brings a policy to members and proves it.</summary>
public interface IPolicyCarrier : IGenerationCarrier
{
    /// <summary>Reads and resolves a policy file or folder.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.PolicyInvalid</c> with file, line and column of every fault; <c>Maestro.PolicyNotFound</c>.</exception>
    PolicyDocument Load(string path);

    /// <summary>Lists what the member holds beside what it should hold. Changes nothing on it.</summary>
    Task<PolicyListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation);
}
