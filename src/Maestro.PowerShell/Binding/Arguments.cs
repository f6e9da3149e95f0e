using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Model.Sessions;

namespace Maestro.PowerShell.Binding;

/// <summary>A session by name or object.</summary>
public sealed class SessionArgument
{
    public SessionArgument(string name) => Name = name;

    public SessionArgument(MaestroSession session) => Name = session.Name;

    public string Name { get; }

    public override string ToString() => Name;
}

/// <summary>A Security Group by name, id or object; an object about a group stands for it.</summary>
public sealed class SecurityGroupArgument : SubjectArgument
{
    public SecurityGroupArgument(string nameOrId)
        : base(nameOrId)
    {
    }

    public SecurityGroupArgument(SecurityGroup group)
        : base(group.Name, group.Session)
    {
    }

    public SecurityGroupArgument(GroupMember member)
        : base(member.SecurityGroup, member.Session)
    {
    }

    public SecurityGroupArgument(Gateway gateway)
        : base(gateway.SecurityGroup, gateway.Session)
    {
    }

    public SecurityGroupArgument(PendingChange change)
        : base(change.SecurityGroup, change.Session)
    {
    }

    public SecurityGroupArgument(SyncReport report)
        : base(report.SecurityGroup, report.Session)
    {
    }

    public SecurityGroupArgument(PolicyVersion version)
        : base(version.SecurityGroup, version.Session)
    {
    }

    public SecurityGroupArgument(ConfigurationVersion version)
        : base(version.SecurityGroup, version.Session)
    {
    }

    public SecurityGroupArgument(MaestroOperation operation)
        : base(operation.SecurityGroup, operation.Session)
    {
    }

    private protected override string Kind => "Security Group";
}

/// <summary>A Security Group by name, id or its own object: nothing else stands for it.</summary>
public sealed class GroupItselfArgument : SubjectArgument
{
    public GroupItselfArgument(string nameOrId)
        : base(nameOrId)
    {
    }

    public GroupItselfArgument(SecurityGroup group)
        : base(group.Name, group.Session)
    {
    }

    private protected override string Kind => "Security Group";
}

/// <summary>A policy version, as it was listed. Taken for itself, PowerShell would make one of any row that has the properties.</summary>
public sealed class PolicyVersionArgument(PolicyVersion version) : SubjectArgument(version.SecurityGroup, version.Session)
{
    /// <summary>Its number.</summary>
    public int Version { get; } = version.Version;

    private protected override string Kind => "Security Group";

    public override string ToString() => version.ToString();
}

/// <summary>A configuration version, as it was listed.</summary>
public sealed class ConfigurationVersionArgument(ConfigurationVersion version) : SubjectArgument(version.SecurityGroup, version.Session)
{
    /// <summary>Its number.</summary>
    public int Version { get; } = version.Version;

    private protected override string Kind => "Security Group";

    public override string ToString() => version.ToString();
}

/// <summary>A member by id or object.</summary>
public sealed class GroupMemberArgument : SubjectArgument
{
    public GroupMemberArgument(string id)
        : base(id)
    {
    }

    public GroupMemberArgument(GroupMember member)
        : base(member.Member, member.Session)
    {
    }

    public GroupMemberArgument(MemberSyncResult result)
        : base(result.Member)
    {
    }

    public GroupMemberArgument(Gateway gateway)
        : base(gateway.Member, gateway.Session)
    {
    }

    private protected override string Kind => "member of a Security Group";
}

/// <summary>A gateway by id or object.</summary>
public sealed class GatewayArgument : SubjectArgument
{
    public GatewayArgument(string id)
        : base(id)
    {
    }

    public GatewayArgument(Gateway gateway)
        : base(gateway.Id, gateway.Session)
    {
    }

    public GatewayArgument(GroupMember member)
        : base(member.Gateway, member.Session)
    {
    }

    private protected override string Kind => "gateway";
}

/// <summary>An orchestrator by id or object.</summary>
public sealed class OrchestratorArgument : SubjectArgument
{
    public OrchestratorArgument(string id)
        : base(id)
    {
    }

    public OrchestratorArgument(Orchestrator orchestrator)
        : base(orchestrator.Id, orchestrator.Session)
    {
    }

    private protected override string Kind => "orchestrator";
}

/// <summary>A port by id, name or object.</summary>
public sealed class PortArgument : SubjectArgument
{
    public PortArgument(string idOrName)
        : base(idOrName)
    {
    }

    public PortArgument(OrchestratorPort port)
        : base(port.Id, port.Session)
    {
    }

    private protected override string Kind => "port";
}

/// <summary>An operation by id, by its unique beginning, or by an object that tells of one.</summary>
public sealed class OperationArgument : SubjectArgument
{
    public OperationArgument(string idOrBeginning)
        : base(idOrBeginning)
    {
    }

    public OperationArgument(MaestroOperation operation)
        : base(operation.Id, operation.Session)
    {
    }

    public OperationArgument(SyncReport report)
        : base(report.Id, report.Session)
    {
    }

    private protected override string Kind => "operation";
}
