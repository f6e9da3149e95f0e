using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>
/// Makes one checked document of a policy's files: includes are taken in and variables replaced here, so that what travels depends on no other
/// file. Rules themselves are checked by each gateway's own nft.
/// </summary>
internal static class NftPolicyLoader
{
    /// <exception cref="PolicyInvalidException">With every fault found.</exception>
    /// <exception cref="Model.Errors.MaestroException"><c>Maestro.PolicyNotFound</c>.</exception>
    public static NftPolicy Load(string path, IPolicySource source)
    {
        var problems = new NftProblems();
        var roots = source.Roots(path);
        var file = new NftParser(new NftInput(source, roots, problems), problems).ReadFile();
        var checker = new NftChecker(problems);
        checker.Check(file);
        problems.ThrowIfAny(path);
        var (text, places) = NftWriter.Write(checker.Statements);
        return new NftPolicy
        {
            Text = text,
            Identity = Fingerprint.Of(text),
            Tables = checker.Tables,
            Devices = NftDevices.Find(checker.Statements),
            Translations = NftTranslations.Find(checker.Statements),
            Places = places,
            Warnings = checker.Warnings,
        };
    }
}
