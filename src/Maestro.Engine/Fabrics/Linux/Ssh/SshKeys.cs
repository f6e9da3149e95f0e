using System.Net;
using System.Security;
using System.Text;
using Maestro.Engine.Model.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>The private keys of a session, each read and unlocked once: a passphrase costs a tenth of a second by design, and 64 hosts share one key.</summary>
internal sealed class SshKeys(SshCredentials credentials)
{
    private const string NoAgent = "ssh-agent is not supported.";

    // In ssh's order of preference, for users who never name a key.
    private static readonly string[] DefaultNames = ["id_ed25519", "id_ecdsa", "id_rsa"];

    private readonly object _gate = new();
    private readonly Dictionary<string, PrivateKeyFile> _read = new(StringComparer.Ordinal);

    // Ours: whoever gave it may dispose of it at any time.
    private readonly SecureString? _passphrase = credentials.KeyPassphrase?.Copy();

    /// <summary>Takes out everything secret that we hold.</summary>
    public Redaction Redaction => new(Secrets);

    private IEnumerable<string> Secrets
    {
        get
        {
            if (credentials.KeyText is { } text) yield return text;
            if (_passphrase is { } passphrase) yield return Reveal(passphrase);
            if (credentials.Password is { Password.Length: > 0 } password) yield return password.Password;
        }
    }

    /// <summary>How to log in to a host: the key that it names, then the session's, then the password; else the user's default keys.</summary>
    /// <exception cref="MaestroException"><c>Maestro.LoginRefused</c>: there is nothing to log in with, or it cannot be read.</exception>
    public IReadOnlyList<AuthenticationMethod> MethodsFor(HostEndpoint host)
    {
        var keys = new List<PrivateKeyFile>();
        var session = credentials.KeyText is not null || credentials.KeyPath.Length > 0;
        // A runner has the key in its environment, and the inventory's path points to nothing there.
        if (host.KeyPath.Length > 0 && (!session || File.Exists(host.KeyPath))) keys.Add(FromFile(host, host.KeyPath));
        if (credentials.KeyText is not null) keys.Add(FromText(host, credentials.KeyText));
        else if (credentials.KeyPath.Length > 0 && credentials.KeyPath != host.KeyPath) keys.Add(FromFile(host, credentials.KeyPath));
        if (keys.Count == 0 && credentials.Password is null) keys.AddRange(Defaults());

        var methods = new List<AuthenticationMethod>();
        if (keys.Count > 0) methods.Add(new PrivateKeyAuthenticationMethod(host.User, [.. keys]));
        if (credentials.Password is { } password) methods.Add(new PasswordAuthenticationMethod(host.User, password.Password));
        return methods.Count > 0
            ? methods
            : throw new MaestroException(ErrorCatalogue.LoginRefused, $"There is no key and no password for {host.Id}. Nothing was sent.", host.Id, $"Give -KeyPath or -Credential, or keyPath in the inventory. {NoAgent}");
    }

    private PrivateKeyFile FromText(HostEndpoint host, string text) =>
        Read(host, "the session's key", "", passphrase => new PrivateKeyFile(new MemoryStream(Encoding.UTF8.GetBytes(text.Trim() + "\n")), passphrase));

    private PrivateKeyFile FromFile(HostEndpoint host, string path) =>
        Read(host, $"the key {path}", path, passphrase => new PrivateKeyFile(path, passphrase));

    private PrivateKeyFile Read(HostEndpoint host, string what, string place, Func<string?, PrivateKeyFile> open)
    {
        lock (_gate)
        {
            if (_read.TryGetValue(place, out var known)) return known;
            try
            {
                return _read[place] = open(_passphrase is { } passphrase ? Reveal(passphrase) : null);
            }
            catch (SshPassPhraseNullOrEmptyException fault)
            {
                throw Unreadable(host, $"{what} has a passphrase", "Give it with -KeyPassphrase.", fault);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SshException or InvalidOperationException or FormatException or NotSupportedException or ArgumentException or System.Security.Cryptography.CryptographicException)
            {
                throw Unreadable(host, $"{what} cannot be read: {fault.Message}", "Name a private key in OpenSSH's or PEM form with -KeyPath, and its passphrase with -KeyPassphrase.", fault);
            }
        }
    }

    private IEnumerable<PrivateKeyFile> Defaults()
    {
        if (credentials.DefaultKeyFolder.Length == 0) yield break;
        foreach (var path in DefaultNames.Select(n => Path.Combine(credentials.DefaultKeyFolder, n)).Where(File.Exists))
        {
            PrivateKeyFile? key = null;
            try
            {
                key = FromFile(new HostEndpoint { Id = path, Address = "", User = "" }, path);
            }
            catch (MaestroException)
            {
                // Nobody named it, so it may be locked or of a kind that is not for us.
            }

            if (key is not null) yield return key;
        }
    }

    private static MaestroException Unreadable(HostEndpoint host, string what, string advice, Exception fault) =>
        new(ErrorCatalogue.LoginRefused, $"{host.Id} cannot be reached: {what}. Nothing was sent.", host.Id, $"{advice} {NoAgent}", fault);

    private static string Reveal(SecureString secret) => new NetworkCredential("", secret).Password;
}
