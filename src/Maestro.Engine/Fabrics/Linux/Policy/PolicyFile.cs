using Maestro.Engine.Model.Errors;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>Reads a policy file, or a folder of fragments in order, into the document that travels.</summary>
internal static class PolicyFile
{
    /// <exception cref="MaestroException"><c>PolicyNotFound</c>, <c>PolicyInvalid</c>.</exception>
    public static PolicyDocument Load(string path)
    {
        var full = Path.GetFullPath(path);
        string content;
        if (Directory.Exists(full))
        {
            content = string.Concat(Directory.GetFiles(full, "*.nft").OrderBy(f => f, StringComparer.Ordinal).Select(File.ReadAllText));
        }
        else if (File.Exists(full))
        {
            content = File.ReadAllText(full);
        }
        else
        {
            throw new MaestroException(ErrorCatalogue.PolicyNotFound, $"There is no policy at {full}.", path);
        }

        return new PolicyDocument { Content = content, Fingerprint = Fingerprint.Of(content), Source = full };
    }
}
