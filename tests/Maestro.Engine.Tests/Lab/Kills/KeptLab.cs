using Maestro.Engine.Fabrics.Simulation;
using Maestro.Engine.Hosting;
using Maestro.Engine.Store;

namespace Maestro.Engine.Tests.Lab.Kills;

/// <summary>The folder of a lab that outlives processes. A copy is the same world at the same moment, so one history can be cut short at many places.</summary>
internal sealed class KeptLab : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("maestro-lab-").FullName;

    public string Store => Path.Combine(Folder, "store.db");

    public EngineHost Open(double? speed = null, Func<IStore, IStore>? decorate = null) =>
        SessionFactory.OpenLab(new SessionOptions { Name = "testbed", StorePath = Store }, new LabOptions { Path = Folder, Speed = speed }, decorate);

    /// <summary>Only while nobody has it open.</summary>
    public KeptLab Copy()
    {
        var copy = new KeptLab();
        foreach (var file in Directory.GetFiles(Folder)) File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
