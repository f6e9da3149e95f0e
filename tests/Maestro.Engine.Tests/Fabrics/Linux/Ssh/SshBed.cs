using System.Security;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

/// <summary>Hosts with two kinds of host key and a jump host, for all tests of the transport.</summary>
public sealed class SshBed() : TestbedFixture(new TestbedOptions { Gateways = 6, JumpHost = true, RsaHostKeys = true, Password = "open-Sesame-1" })
{
    internal const string Password = "open-Sesame-1";

    internal HostEndpoint Endpoint(TestbedHost host, TestbedAccount account = TestbedAccount.Root) => new()
    {
        Id = host.Id,
        Address = host.Address.ToString(),
        Port = host.Port,
        User = Testbed.UserName(account),
        BecomeRoot = account == TestbedAccount.Sudo,
        HostKey = host.HostKey,
    };

    internal SshTransport Transport(
        SshCredentials? credentials = null, HostKeyVerifier? verifier = null, Func<SshTransportOptions, SshTransportOptions>? configure = null) =>
        new(credentials ?? new SshCredentials { KeyPath = Bed.KeyPath }, verifier ?? new HostKeyVerifier("", [], false), (configure ?? (o => o))(new SshTransportOptions { Time = TimeProvider.System }));

    internal static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (var character in text) secret.AppendChar(character);
        return secret;
    }
}

[CollectionDefinition(Name)]
public sealed class SshCollection : ICollectionFixture<SshBed>
{
    public const string Name = "ssh";
}
