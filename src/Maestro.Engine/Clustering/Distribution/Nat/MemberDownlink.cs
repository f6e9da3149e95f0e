using System.Net;
using Maestro.Engine.Model.Distribution;

namespace Maestro.Engine.Clustering.Distribution.Nat;

/// <summary>A gateway's device towards the orchestrators.</summary>
/// <param name="Gateway">The gateway's id.</param>
/// <param name="Interface">The device's name there.</param>
/// <param name="Side">Null where nobody said it.</param>
/// <param name="Address">Its own; null for none that is known.</param>
internal sealed record MemberDownlink(string Gateway, string Interface, FlowSide? Side, IPAddress? Address);
