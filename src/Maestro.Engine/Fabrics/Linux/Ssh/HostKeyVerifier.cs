using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>What became of a key that a host showed.</summary>
/// <param name="Refusal">Null when the key is good.</param>
/// <param name="OtherTypesMayMatch">True when what vouches for the host tells no key type, so that another key of the host may be the one that is meant.</param>
internal sealed record HostKeyJudgement(MaestroException? Refusal, bool OtherTypesMayMatch = false);

/// <summary>
/// How host keys are vouched for, in this order: revoked never; the inventory's pin; the caller's pins; known_hosts; trust on first use only when told so,
/// and only for a host of which nothing is on record.
/// </summary>
internal sealed class HostKeyVerifier(string knownHostsPath, IReadOnlyList<string> fingerprints, bool trustOnFirstUse)
{
    private readonly KnownHostsFile _file = new(knownHostsPath);

    public HostKeyJudgement Judge(HostEndpoint host, HostKey key)
    {
        var known = _file.Read();
        if (known.IsRevoked(host.Address, host.Port, key))
        {
            return new(new MaestroException(ErrorCatalogue.KeyRevoked, $"{Shows(host, key)}, which is marked as revoked in {knownHostsPath}. Nothing was sent.", host.Id));
        }

        if (host.HostKey.Length > 0)
        {
            return key.Matches(host.HostKey) ? new(null) : new(Changed(host, key, "the inventory names another"), HostKey.TypeOf(host.HostKey) is null);
        }

        if (fingerprints.Any(key.Matches)) return new(null);
        var record = known.For(host.Address, host.Port);
        if (record.Any(k => k.Key == key.Key)) return new(null);
        // Another key of the same type on record means that the host changed; other types only mean that this one is new.
        if (record.Any(k => k.Type == key.Type)) return new(Changed(host, key, $"{knownHostsPath} names another"));
        if (record.Count == 0 && trustOnFirstUse) return new(Trust(host, key));
        return new(Unknown(host, key, record, known.HasAuthority(host.Address, host.Port)), OtherTypesMayMatch: fingerprints.Count > 0);
    }

    /// <summary>The key types on record for the host, in the order of the record: asked for in that order, so that a host known by one type is not judged by another.</summary>
    public IReadOnlyList<string> KnownTypes(HostEndpoint host)
    {
        var pinned = host.HostKey.Length > 0 ? [HostKey.TypeOf(host.HostKey)] : fingerprints.Select(HostKey.TypeOf);
        return [.. pinned.Concat(_file.Read().For(host.Address, host.Port).Select(k => k.Type)).Where(t => t is not null).Select(t => t!).Distinct()];
    }

    private MaestroException? Trust(HostEndpoint host, HostKey key)
    {
        IReadOnlyList<HostKey> record;
        try
        {
            record = _file.Remember(host.Address, host.Port, key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new MaestroException(
                ErrorCatalogue.KeyUnknown,
                $"{Shows(host, key)}. It was to be trusted on first use, but {knownHostsPath} cannot be written: {fault.Message} Nothing was sent.",
                host.Id,
                $"Make the file writable, name another with -KnownHostsPath, or pin the key: -Fingerprint {key.Fingerprint}",
                fault);
        }

        return record.Any(k => k.Key == key.Key) ? null : Changed(host, key, $"another process has just put another one into {knownHostsPath}");
    }

    private MaestroException Unknown(HostEndpoint host, HostKey key, IReadOnlyList<HostKey> record, bool hasAuthority)
    {
        var more = record.Count > 0 ? $" It is known by {string.Join(", ", record.Select(k => k.Type).Distinct())} only, so this is no first use." : "";
        if (hasAuthority) more += $" {knownHostsPath} trusts a certificate authority for it; Maestro reads no host certificates.";
        return new MaestroException(
            ErrorCatalogue.KeyUnknown,
            $"{Shows(host, key)}, which nobody has vouched for.{more} Nothing was sent.",
            host.Id,
            $"Compare it on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then add: -Fingerprint {key.Fingerprint}");
    }

    private static MaestroException Changed(HostEndpoint host, HostKey key, string instead) =>
        new(ErrorCatalogue.KeyChanged, $"THE HOST KEY CHANGED: {Shows(host, key)}, but {instead}. Nothing was sent.", host.Id);

    private static string Shows(HostEndpoint host, HostKey key) => $"{host.Id} ({host}) shows the {key.Type} key {key.Fingerprint}";
}
