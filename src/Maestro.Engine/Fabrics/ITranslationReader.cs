using Maestro.Engine.Clustering.Distribution.Nat;

namespace Maestro.Engine.Fabrics;

/// <summary>A policy carrier that can say what a policy translates.</summary>
internal interface ITranslationReader
{
    /// <summary>The policy's statements that translate addresses of what members forward, in order.</summary>
    /// <param name="fingerprint">The policy's identity.</param>
    /// <param name="content">Its content, as it travels.</param>
    IReadOnlyList<AddressTranslation> TranslationsOf(string fingerprint, string content);
}
