using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Sessions;

namespace Maestro.PowerShell.Hosting;

/// <summary>A session of this runspace and its engine.</summary>
internal sealed class OpenSession(string name, EngineHost engine)
{
    public string Name { get; } = name;

    public EngineHost Engine { get; } = engine;

    public MaestroSession Describe(bool isDefault) => new()
    {
        Name = Name,
        Fabric = Engine.Traits.Name,
        Endpoint = Engine.Traits.Endpoint,
        User = Engine.Traits.User,
        Store = Engine.StoreLocation,
        IsDefault = isDefault,
        ReadOnly = Engine.ReadOnly,
        ConnectedAt = Engine.ConnectedAt,
        Capability = Engine.Traits.Capability,
    };
}
