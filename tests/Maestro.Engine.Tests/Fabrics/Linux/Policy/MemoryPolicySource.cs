using Maestro.Engine.Fabrics.Linux.Policy;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>Policy files in memory; the first one is the policy. Includes name files as they are called here.</summary>
internal sealed class MemoryPolicySource(params (string Name, string Text)[] files) : IPolicySource
{
    public IReadOnlyList<string> Roots(string path) => [files[0].Name];

    public IReadOnlyList<string> Resolve(string including, string pattern) =>
        [.. files.Select(f => f.Name).Where(n => pattern.EndsWith('*') ? n.StartsWith(pattern[..^1], StringComparison.Ordinal) : n == pattern).Order(StringComparer.Ordinal)];

    public string Read(string file) => files.First(f => f.Name == file).Text;

    public static NftPolicy Load(string text, params (string Name, string Text)[] included) =>
        NftPolicyLoader.Load("policy.nft", new MemoryPolicySource([("policy.nft", text), .. included]));

    /// <summary>The faults of a policy, as its author reads them.</summary>
    public static IReadOnlyList<string> Faults(string text, params (string Name, string Text)[] included) =>
        [.. Assert.Throws<PolicyInvalidException>(() => Load(text, included)).Problems.Select(p => p.ToString())];
}
