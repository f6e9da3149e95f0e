namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>A policy on disk for as long as a test needs it.</summary>
internal sealed class PolicyFile : IDisposable
{
    public PolicyFile(string content = "table inet web {\n  chain input {\n    type filter hook input priority 0; policy drop;\n    tcp dport 443 accept\n  }\n}\n") => File.WriteAllText(Path, content);

    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("maestro-policy-").FullName, "web.nft");

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
