namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>A configuration on disk for as long as a test needs it.</summary>
internal sealed class ConfigurationFile : IDisposable
{
    public ConfigurationFile(string content) => File.WriteAllText(Path, content);

    /// <summary>A file, and a kernel setting of that value; member 1_2 has no file.</summary>
    public ConfigurationFile(int forwarding)
        : this($$"""{ "version": 1, "files": { "motd": { "path": "/etc/motd", "content": "hello\n" } }, "sysctl": { "net.ipv4.ip_forward": {{forwarding}} }, "members": { "1_2": { "files": { "motd": null } } } }""")
    {
    }

    public string Path { get; } = System.IO.Path.Combine(Directory.CreateTempSubdirectory("maestro-configuration-").FullName, "gateways.json");

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
