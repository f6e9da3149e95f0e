using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Maestro.PowerShell.Tests.Cmdlets;

/// <summary>
/// The folder of a kept lab. Between two sessions a test edits its world there, as somebody else would have changed the real one: that needs no
/// door into the engine, which lives in a load context that tests cannot name.
/// </summary>
internal sealed class KeptLab : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("maestro-lab-").FullName;

    public string Connect => $"Connect-Maestro -Lab -Path '{Folder}'";

    /// <summary>Virtual time passes so many seconds a real second: slow enough to come in between.</summary>
    public string ConnectPaced(int speed) => $"{Connect} -Speed {speed}";

    /// <summary>The same world at the same moment, to be gone on with otherwise. Only while no session has it open.</summary>
    public KeptLab Copy()
    {
        var copy = new KeptLab();
        foreach (var file in Directory.GetFiles(Folder)) File.Copy(file, Path.Combine(copy.Folder, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>Changes the world while no session has it open.</summary>
    public void Edit(Action<JsonNode> change)
    {
        var file = Path.Combine(Folder, "world.json");
        var world = JsonNode.Parse(File.ReadAllText(file))!;
        change(world);
        File.WriteAllText(file, world.ToJsonString());
    }

    /// <summary>Bob, on another controller with another store, has something pending.</summary>
    public void StageAsBob(string group, string gateway) => Edit(world => world["Pending"]!.AsArray().Add(new JsonObject
    {
        ["Edit"] = new JsonObject { ["Kind"] = gateway.Length > 0 ? "SetGateway" : "SetGroup", ["SecurityGroup"] = group, ["Gateway"] = gateway, ["Member"] = "", ["Property"] = "Description", ["Value"] = "bob was here" },
        ["OperationId"] = "bobs-oper",
        ["StagedBy"] = "bob",
        ["StagedAt"] = world["Now"]!.DeepClone(),
    }));

    public void TakeOffTheNetwork(string gateway) => Edit(world => Gateway(world, gateway)["UnreachableSince"] = world["Now"]!.DeepClone());

    /// <summary>Bob's controller holds the lease that is kept with a group's gateways.</summary>
    public void HoldAsBob(string group) => Edit(world =>
    {
        foreach (var gateway in world["Gateways"]!.AsArray().Where(g => (string?)g!["Group"] == group))
        {
            gateway!["Holder"] = new JsonObject
            {
                ["Owner"] = new JsonObject { ["MachineId"] = "m9", ["BootId"] = "b9", ["ProcessId"] = 4711, ["ProcessStart"] = "1", ["Host"] = "jump9", ["User"] = "bob" },
                ["OperationId"] = "bobs-oper",
                ["Since"] = world["Now"]!.DeepClone(),
                ["Until"] = "2099-01-01T00:00:00+00:00",
                // A claim is of the opening in which it was taken: here the one that comes next, beside which bob works.
                ["Opened"] = (int)world["Opened"]! + 1,
            };
        }
    });

    /// <summary>A fingerprint of all that is kept: the world, and every byte of the store. Equal before and after means that nothing was sent or written.</summary>
    public string Fingerprint()
    {
        var files = Directory.GetFiles(Folder).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return string.Join('\n', files.Select(f =>
        {
            using var file = new FileStream(f, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return $"{Path.GetFileName(f)} {Convert.ToHexString(SHA256.HashData(file))}";
        }));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static JsonNode Gateway(JsonNode world, string id) => world["Gateways"]!.AsArray().Single(g => (string?)g!["Id"] == id)!;
}
