using System.Diagnostics;
using System.Management.Automation;
using Newtonsoft.Json;
using Renci.SshNet;

namespace Maestro.Decoy;

/// <summary>Writes what it got from its two packages: a line that only their code can make, and their versions.</summary>
[Cmdlet(VerbsCommon.Get, "Decoy")]
[OutputType(typeof(string))]
public sealed class GetDecoyCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        WriteObject(JsonConvert.SerializeObject(new { decoy = true }));
        WriteObject($"Newtonsoft.Json {FileVersionInfo.GetVersionInfo(typeof(JsonConvert).Assembly.Location).FileVersion}");
        WriteObject($"{StandIn.Name} {typeof(StandIn).Assembly.GetName().Version}");
    }
}
