using System.Net;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds;

/// <summary>One machine of a bed that answers to SSH: a gateway, an orchestrator or the jump host.</summary>
public class TestbedHost
{
    internal TestbedHost(HostPlan plan, KeyPair[] keys, HostPower power)
    {
        Plan = plan;
        Keys = keys;
        Power = power;
    }

    /// <summary>Its name, also its hostname: <c>fw-a1</c>.</summary>
    public string Id => Plan.Id;

    /// <summary>Its management address.</summary>
    public IPAddress Address => Plan.Address;

    /// <summary>Its management address in IPv6.</summary>
    public IPAddress AddressIPv6 => Plan.AddressIPv6;

    /// <summary>The port of its sshd.</summary>
    public int Port => Plan.Port;

    /// <summary>Its Ed25519 host key as a line of known_hosts has it: algorithm and base64.</summary>
    public string HostKey => Keys[0].PublicKey;

    /// <summary>The fingerprint of <see cref="HostKey"/> as ssh prints it: <c>SHA256:...</c></summary>
    public string HostKeyFingerprint => Keys[0].Fingerprint;

    /// <summary>All its host keys, the Ed25519 key first.</summary>
    public IReadOnlyList<string> HostKeys => [.. Keys.Select(key => key.PublicKey)];

    /// <summary>True from power-on to power-off.</summary>
    public bool IsOn => Power.IsOn;

    /// <summary>The number of its process 1 as this machine sees it: <c>nsenter -t N -a</c> is a console.</summary>
    /// <exception cref="TestbedException">The host is off.</exception>
    public int ProcessId => Power.ProcessId;

    /// <summary>A file that names its network namespace, for <c>nsenter --net=</c>. It changes with every power-on.</summary>
    /// <exception cref="TestbedException">The host is off.</exception>
    public string NetworkNamespace => $"/proc/{ProcessId}/ns/net";

    /// <summary>/var/lib/maestro of this host as seen from here. Ask again after a power cycle. It need not exist.</summary>
    public string DataDirectory => PathOf("/var/lib/maestro");

    /// <summary>What the boot step wrote at the last power-on, and its exit code; empty when there was none.</summary>
    public string BootLog => Power.BootLog;

    /// <summary>What its sshd has logged since the last power-on.</summary>
    public string SshLog => Power.SshLog;

    /// <summary>How many TCP connections its sshd has accepted since power-on.</summary>
    public int SshConnectionCount => Power.CountInSshLog("Connection from ");

    /// <summary>How many shells, commands and subsystems were started over SSH since power-on.</summary>
    public int SshSessionCount => Power.CountInSshLog("Starting session: ");

    internal HostPlan Plan { get; }

    internal KeyPair[] Keys { get; set; }

    internal HostPower Power { get; }

    /// <summary>
    /// Where a file of this host is seen from here. While the host is on this is its own view, to read and to write. While it is off it is what the host
    /// itself has put on its disk.
    /// </summary>
    public string PathOf(string path) => Power.PathOf(path);

    /// <summary>The host's name.</summary>
    public override string ToString() => Id;
}
