using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>How host keys are vouched for, in this order: revoked never; the inventory's or the caller's pin; known_hosts; trust on first use only when told so.</summary>
internal sealed class HostKeyVerifier(string knownHostsPath, IReadOnlyList<string> fingerprints, bool trustOnFirstUse)
{
    private readonly object _gate = new();
    private readonly KnownHosts _known = KnownHosts.Load(knownHostsPath);

    /// <summary>Null when the key is good; else why not.</summary>
    public MaestroException? Judge(HostEndpoint host, string keyType, byte[] keyBytes)
    {
        var key = Convert.ToBase64String(keyBytes);
        var fingerprint = FingerprintOf(keyBytes);
        lock (_gate)
        {
            if (_known.IsRevoked(host.Address, host.Port, key))
            {
                return new MaestroException(ErrorCatalogue.KeyRevoked, $"{host.Id} ({host}) shows the {keyType} key {fingerprint}, which is marked as revoked in {knownHostsPath}. Nothing was sent.", host.Id);
            }

            if (host.HostKey.Length > 0) return MatchesPin(host.HostKey, key, fingerprint) ? null : Changed(host, keyType, fingerprint, "the inventory");
            if (fingerprints.Any(f => MatchesPin(f, key, fingerprint))) return null;
            var lines = _known.For(host.Address, host.Port).Where(l => !l.IsRevoked).ToList();
            if (lines.Any(l => l.Key == key)) return null;
            // Another key of the same type on record means that the host changed; other types only mean that this one is new.
            if (lines.Any(l => l.KeyType == keyType)) return Changed(host, keyType, fingerprint, knownHostsPath);
            if (lines.Count == 0 && trustOnFirstUse)
            {
                Remember(host, keyType, key);
                return null;
            }
        }

        return new MaestroException(
            ErrorCatalogue.KeyUnknown,
            $"{host.Id} ({host}) shows the {keyType} key {fingerprint}, which nobody has vouched for. Nothing was sent.",
            host.Id,
            $"Compare it on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then add: -Fingerprint {fingerprint}");
    }

    /// <summary>The key types on record for the host, in the order of the file: asked for in that order, so that a host known by one type is not judged by another.</summary>
    public IReadOnlyList<string> KnownTypes(HostEndpoint host)
    {
        lock (_gate)
        {
            var types = _known.For(host.Address, host.Port).Where(l => !l.IsRevoked).Select(l => l.KeyType).ToList();
            var pinned = host.HostKey.Split(' ');
            if (pinned.Length >= 2) types.Insert(0, pinned[0]);
            return [.. types.Distinct()];
        }
    }

    public static string FingerprintOf(byte[] key)
    {
        using var sha = SHA256.Create();
        return "SHA256:" + Convert.ToBase64String(sha.ComputeHash(key)).TrimEnd('=');
    }

    // A pin is a fingerprint, a bare key, or "type key" as in a .pub file.
    private static bool MatchesPin(string pin, string key, string fingerprint)
    {
        if (pin.StartsWith("SHA256:", StringComparison.Ordinal)) return pin.TrimEnd('=') == fingerprint;
        var fields = pin.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        return (fields.Length > 1 ? fields[1] : pin) == key;
    }

    private static MaestroException Changed(HostEndpoint host, string keyType, string fingerprint, string where) => new(
        ErrorCatalogue.KeyChanged,
        $"{host.Id} ({host}) shows the {keyType} key {fingerprint}, but {where} names another. Nothing was sent.",
        host.Id);

    private void Remember(HostEndpoint host, string keyType, string key)
    {
        _known.Add(host.Address, host.Port, keyType, key);
        if (knownHostsPath.Length == 0) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(knownHostsPath))!);
        var name = host.Port == 22 ? host.Address : $"[{host.Address}]:{host.Port.ToString(CultureInfo.InvariantCulture)}";
        // One line in one append: several processes may remember hosts at the same time.
        using var file = new FileStream(knownHostsPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        var line = Encoding.ASCII.GetBytes($"{name} {keyType} {key}\n");
        file.Write(line, 0, line.Length);
    }
}
