using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Store;
using Newtonsoft.Json;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>A group as it is written to its members and, for those without any, to the store.</summary>
internal sealed class LinuxGroup
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Ports { get; set; } = "";

    public string ManagementAddress { get; set; } = "";

    public string DefaultGateway { get; set; } = "";

    public int Spare { get; set; } = 1;

    public int CapacityCeiling { get; set; } = 90;

    /// <summary>Gateways that were left behind, each with the epoch of that: <c>fw-a3:12,fw-b1:15</c>. Every member carries it, so that any controller can tell.</summary>
    public string Left { get; set; } = "";

    public LinuxGroup Copy() => (LinuxGroup)MemberwiseClone();

    /// <summary>The file on a member: a line a property, values without line ends.</summary>
    public string ToFile() => string.Format(
        CultureInfo.InvariantCulture,
        "name={0}\nid={1}\ndescription={2}\nports={3}\nmanagementAddress={4}\ndefaultGateway={5}\nspare={6}\ncapacityCeiling={7}\nleft={8}\n",
        Name, Id, Line(Description), Ports, ManagementAddress, DefaultGateway, Spare, CapacityCeiling, Left);

    public static LinuxGroup? FromFile(IReadOnlyDictionary<string, string> file)
    {
        if (!file.TryGetValue("name", out var name)) return null;
        return new LinuxGroup
        {
            Name = name,
            Id = Number("id", 0),
            Description = Value("description"),
            Ports = Value("ports"),
            ManagementAddress = Value("managementAddress"),
            DefaultGateway = Value("defaultGateway"),
            Spare = Number("spare", 1),
            CapacityCeiling = Number("capacityCeiling", 90),
            Left = Value("left"),
        };

        string Value(string key) => file.TryGetValue(key, out var value) ? value : "";

        int Number(string key, int fallback) => int.TryParse(Value(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
    }

    public void Set(string property, string value)
    {
        switch (property)
        {
            case nameof(SecurityGroup.Description): Description = value; break;
            case nameof(SecurityGroup.Port): Ports = value; break;
            case nameof(SecurityGroup.ManagementAddress): ManagementAddress = value; break;
            case nameof(SecurityGroup.DefaultGateway): DefaultGateway = value; break;
            case nameof(SecurityGroup.Spare): Spare = int.Parse(value, CultureInfo.InvariantCulture); break;
            case nameof(SecurityGroup.CapacityCeiling): CapacityCeiling = int.Parse(value, CultureInfo.InvariantCulture); break;
        }
    }

    public static string Line(string text) => text.Replace("\r", " ").Replace("\n", " ");
}

/// <summary>Which group a gateway is in, as what.</summary>
internal sealed class LinuxAssignment
{
    public string Group { get; set; } = "";

    public string Member { get; set; } = "";

    public string Weight { get; set; } = "";

    public string Description { get; set; } = "";

    public bool KeepPolicy { get; set; }

    /// <summary>The gateway is given up when it does not answer.</summary>
    public bool MayBeLeft { get; set; }

    /// <summary>Under which epoch it joined; 0 where that was not written down.</summary>
    public long Epoch { get; set; }

    public LinuxAssignment Copy() => (LinuxAssignment)MemberwiseClone();
}

/// <summary>A gateway that was given up: what it says of a membership that it got under this epoch or an older one is not true any more.</summary>
internal sealed record LinuxLeft(string Group, string Member, long Epoch);

internal sealed class LinuxPendingEdit
{
    public TopologyEdit Edit { get; set; } = null!;

    public string OperationId { get; set; } = "";

    public string StagedBy { get; set; } = "";

    public DateTimeOffset StagedAt { get; set; }
}

/// <summary>Groups and assignments, deployed or as they would be after an apply.</summary>
internal sealed class LinuxState
{
    public SortedDictionary<string, LinuxGroup> Groups { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, LinuxAssignment> Assignments { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> GatewayDescriptions { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, LinuxLeft> Left { get; } = new(StringComparer.Ordinal);

    /// <summary>What a returned host still says of a membership that ended without it.</summary>
    public bool IsLeft(string gateway, string group, long epoch) => Left.TryGetValue(gateway, out var left) && left.Group == group && epoch <= left.Epoch;

    public void Leave(string gateway, LinuxLeft left)
    {
        if (!Left.TryGetValue(gateway, out var known) || known.Epoch < left.Epoch) Left[gateway] = left;
    }

    /// <summary>Reads what a group's file says of those left behind.</summary>
    public void Learn(LinuxGroup group)
    {
        foreach (var entry in group.Left.Split([','], StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.LastIndexOf(':');
            if (colon > 0 && long.TryParse(entry.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)) Leave(entry.Substring(0, colon), new LinuxLeft(group.Name, "", epoch));
        }
    }

    /// <summary>Writes into each group's file who was left behind.</summary>
    public void Teach()
    {
        foreach (var group in Groups.Values)
        {
            group.Left = string.Join(",", Left.Where(l => l.Value.Group == group.Name).Select(l => $"{l.Key}:{l.Value.Epoch.ToString(CultureInfo.InvariantCulture)}"));
        }
    }

    /// <summary>The other gateway that has the member id which an assignment gives; null when none has.</summary>
    public string? HolderOf(TopologyEdit assignment) =>
        Assignments.Where(a => a.Key != assignment.Gateway && a.Value.Group == assignment.SecurityGroup && a.Value.Member == assignment.Member).Select(a => a.Key).FirstOrDefault();

    public LinuxState With(IEnumerable<TopologyEdit> edits)
    {
        var copy = new LinuxState();
        foreach (var pair in Groups) copy.Groups[pair.Key] = pair.Value.Copy();
        foreach (var pair in Assignments) copy.Assignments[pair.Key] = pair.Value.Copy();
        foreach (var pair in GatewayDescriptions) copy.GatewayDescriptions[pair.Key] = pair.Value;
        foreach (var pair in Left) copy.Left[pair.Key] = pair.Value;
        foreach (var edit in edits) copy.Apply(edit);
        return copy;
    }

    private void Apply(TopologyEdit edit)
    {
        switch (edit.Kind)
        {
            case TopologyEditKind.CreateGroup when !Groups.ContainsKey(edit.SecurityGroup):
                Groups[edit.SecurityGroup] = new LinuxGroup { Name = edit.SecurityGroup, Id = Groups.Values.Select(g => g.Id).DefaultIfEmpty(0).Max() + 1 };
                break;
            case TopologyEditKind.DeleteGroup:
                Groups.Remove(edit.SecurityGroup);
                break;
            case TopologyEditKind.SetGroup when Groups.TryGetValue(edit.SecurityGroup, out var group):
                group.Set(edit.Property, edit.Value);
                break;
            case TopologyEditKind.AssignGateway:
                Assignments[edit.Gateway] = new LinuxAssignment { Group = edit.SecurityGroup, Member = edit.Member };
                break;
            case TopologyEditKind.UnassignGateway when Assignments.TryGetValue(edit.Gateway, out var leaving) && leaving.Group == edit.SecurityGroup:
                leaving.Group = "";
                leaving.MayBeLeft = edit.Property == TopologyEdits.LeftBehind && edit.Value == "true";
                leaving.KeepPolicy = edit.Property == "KeepPolicy" && edit.Value == "true";
                break;
            case TopologyEditKind.SetGateway:
                GatewayDescriptions[edit.Gateway] = edit.Value;
                break;
            case TopologyEditKind.SetMember when Assignments.TryGetValue(edit.Gateway, out var member):
                if (edit.Property == nameof(GroupMember.Weight)) member.Weight = edit.Value;
                else member.Description = edit.Value;
                break;
        }
    }
}

/// <summary>What the Linux fabric keeps in the store: pending edits, groups without members, and the last known assignments for hosts that do not answer.</summary>
internal sealed class LinuxLedger(IStore store)
{
    private const string Pending = "linux/pending";
    private const string Groups = "linux/groups";
    private const string Assignments = "linux/assignments";
    private const string Descriptions = "linux/descriptions";
    private const string Left = "linux/left";

    public async Task<IReadOnlyList<LinuxPendingEdit>> ReadPendingAsync() =>
        await store.ReadDocumentAsync(Pending, "edits") is { } json ? JsonConvert.DeserializeObject<List<LinuxPendingEdit>>(json) ?? [] : [];

    public Task WritePendingAsync(FabricCall call, IReadOnlyList<LinuxPendingEdit> edits) =>
        store.WriteDocumentAsync(call.Lease, Pending, "edits", edits.Count == 0 ? null : JsonConvert.SerializeObject(edits));

    public async Task<LinuxState> ReadAsync()
    {
        var state = new LinuxState();
        foreach (var pair in await store.ListDocumentsAsync(Groups)) state.Groups[pair.Key] = JsonConvert.DeserializeObject<LinuxGroup>(pair.Value)!;
        foreach (var pair in await store.ListDocumentsAsync(Assignments)) state.Assignments[pair.Key] = JsonConvert.DeserializeObject<LinuxAssignment>(pair.Value)!;
        foreach (var pair in await store.ListDocumentsAsync(Descriptions)) state.GatewayDescriptions[pair.Key] = pair.Value;
        foreach (var pair in await store.ListDocumentsAsync(Left)) state.Left[pair.Key] = JsonConvert.DeserializeObject<LinuxLeft>(pair.Value)!;
        return state;
    }

    public async Task WriteAsync(FabricCall call, LinuxState before, LinuxState after)
    {
        foreach (var name in before.Groups.Keys.Union(after.Groups.Keys).ToList())
        {
            await store.WriteDocumentAsync(call.Lease, Groups, name, after.Groups.TryGetValue(name, out var group) ? JsonConvert.SerializeObject(group) : null);
        }

        foreach (var pair in after.Assignments) await store.WriteDocumentAsync(call.Lease, Assignments, pair.Key, pair.Value.Group.Length == 0 ? null : JsonConvert.SerializeObject(pair.Value));
        foreach (var pair in after.Left) await store.WriteDocumentAsync(call.Lease, Left, pair.Key, JsonConvert.SerializeObject(pair.Value));
        foreach (var pair in after.GatewayDescriptions) await store.WriteDocumentAsync(call.Lease, Descriptions, pair.Key, pair.Value);
    }
}
