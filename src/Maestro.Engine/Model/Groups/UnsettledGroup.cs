namespace Maestro.Engine.Model.Groups;

/// <summary>A group of which an operation could bring named members to neither side. The group's next change settles that first.</summary>
/// <param name="SecurityGroup">The group.</param>
/// <param name="Operation">The operation's id.</param>
/// <param name="Kind">The operation's kind.</param>
/// <param name="Member">The members, in their order.</param>
public sealed record UnsettledGroup(string SecurityGroup, string Operation, string Kind, IReadOnlyList<string> Member)
{
    public override string ToString() => $"unsettled: {string.Join(", ", Member)} ({Kind} {Operation})";
}
