namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>The one place where text becomes a word of a POSIX shell: single quotes, inside which nothing but the quote itself has a meaning (POSIX.1-2017, Shell Command Language, 2.2.2).</summary>
internal static class PosixQuote
{
    /// <exception cref="ArgumentException">The text holds NUL, which no shell word can.</exception>
    public static string Word(string text)
    {
        if (text.Contains('\0')) throw new ArgumentException("A shell word cannot hold NUL.", nameof(text));
        return "'" + text.Replace("'", @"'\''") + "'";
    }
}
