using System.Text;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>Text as it is on hosts and in files that are brought to them.</summary>
internal static class StrictText
{
    /// <summary>UTF-8 that writes no mark, and throws <see cref="DecoderFallbackException"/> at what is none.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
