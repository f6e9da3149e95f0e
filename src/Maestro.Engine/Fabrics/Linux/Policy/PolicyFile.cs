using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Reads a policy file, or a folder of fragments in order, into the document that travels.</summary>
internal static class PolicyFile
{
    /// <exception cref="MaestroException"><c>PolicyNotFound</c>, <c>PolicyInvalid</c> with file, line and column of every fault.</exception>
    public static PolicyDocument Load(string path) => Document(NftPolicyLoader.Load(path, new FilePolicySource()), path);

    public static PolicyDocument Document(NftPolicy policy, string path)
    {
        var full = Path.GetFullPath(path);
        var origin = GitOrigin.Of(full);
        return new PolicyDocument
        {
            Content = policy.Text,
            Fingerprint = policy.Identity,
            Source = full,
            Commit = origin.Commit,
            Dirty = origin.Dirty,
            Warnings = policy.Warnings,
        };
    }

    /// <summary>Reads again what travelled: the content is a policy by itself.</summary>
    public static NftPolicy Parse(string content) => NftPolicyLoader.Load("policy", new TextPolicySource(content));

    private sealed class TextPolicySource(string content) : IPolicySource
    {
        public IReadOnlyList<string> Roots(string path) => [path];

        public IReadOnlyList<string> Resolve(string including, string pattern) => [];

        public string Read(string file) => content;
    }
}
