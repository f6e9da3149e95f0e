using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics;

/// <summary>A configuration that was read and checked as far as that goes without a gateway. Its content is canonical: comments and order of keys are no difference.</summary>
public sealed record ConfigurationDocument : GenerationDocument;

/// <summary>One item of a gateway and its value, both in words: <c>file /etc/motd</c> and <c>644 root:root 1f3a…</c>. The value is null where there is no such item.</summary>
public sealed record ConfigurationValue(string Item, string? Value);

/// <summary>A file whose text on a member is not the one that was intended.</summary>
public sealed record ConfigurationText(string Path, string Intended, string Actual);

/// <summary>The items of one member in one form, so that they can be compared.</summary>
public sealed record ConfigurationListing
{
    /// <summary>False when the member did not answer or could not list them; nothing else is known then.</summary>
    public required bool Answered { get; init; }

    /// <summary>What the intended content says of that member.</summary>
    public IReadOnlyList<ConfigurationValue> Intended { get; init; } = [];

    /// <summary>The same of the content that a restart brings; null when there is none.</summary>
    public IReadOnlyList<ConfigurationValue>? Confirmed { get; init; }

    /// <summary>What is there, of all items that the other two name.</summary>
    public IReadOnlyList<ConfigurationValue> Actual { get; init; } = [];

    /// <summary>Files that have another text than intended. Not those that others on the member may not read, as intended or as they are; not what is no text, nor longer than 64 KiB.</summary>
    public IReadOnlyList<ConfigurationText> Texts { get; init; } = [];

    public string Evidence { get; init; } = "";
}

/// <summary>
/// Brings a configuration to members and proves it: files, kernel settings, host name, addresses and routes. A commit writes what was there before to the
/// member's disk first; whoever ends it half-way, the member is afterwards wholly as before or wholly as told.
/// </summary>
public interface IConfigurationCarrier : IGenerationCarrier
{
    /// <summary>Reads a configuration file and the files that it names.</summary>
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.ConfigurationInvalid</c> with file, line and column of every fault; <c>Maestro.ConfigurationNotFound</c>.</exception>
    ConfigurationDocument Load(string path);

    /// <summary>What a content says of a member; with an empty <paramref name="member"/>, of one that nothing is said of in particular.</summary>
    IReadOnlyList<ConfigurationValue> Read(string content, string member);

    /// <summary>The members of which a content says something in particular.</summary>
    IReadOnlyList<string> MembersIn(string content);

    /// <summary>Lists what the member has beside what it should have. Changes nothing on it.</summary>
    Task<ConfigurationListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation);
}
