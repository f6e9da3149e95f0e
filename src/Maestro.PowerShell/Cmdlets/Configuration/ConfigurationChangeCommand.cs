using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Configuration;

/// <summary>Cmdlets that bring a configuration to groups.</summary>
public abstract class ConfigurationChangeCommand : SyncCommand
{
    private protected override string Noun => "configuration";

    private protected override string Nouns => "configurations";
}
