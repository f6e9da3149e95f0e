using System.Text;
using CsCheck;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

public sealed class PosixQuoteTests
{
    // Characters that mean something somewhere in a shell, and some that are awkward for other reasons.
    private const string Meaningful = "'\"$`\\\n\r\t *?[]{}()<>|&;#~!=%-\u0001\u001b\u007faZ0ä€\u0081\u0088\u00a0\u2028\ufeff";

    private static readonly Gen<string> Hostile = Gen.OneOf(Gen.Int[0, Meaningful.Length - 1].Select(i => Meaningful[i]), Gen.Char['!', '~'])
        .Array[0, 40].Select(characters => new string(characters));

    [SkippableTheory]
    [InlineData("dash")]
    [InlineData("bash", "--posix")]
    [InlineData("busybox", "sh")]
    public void Every_text_arrives_in_a_real_shell_as_it_is(string program, params string[] arguments)
    {
        Skip.IfNot(LocalShell.Exists(program), $"{program} is not installed: how it reads quoted words is not seen");
        Hostile.Array[1, 30].Sample(
            words =>
            {
                // A format that begins with '-' must be none of printf's business, hence the words come last.
                var script = "printf '%s\\0' " + string.Join(' ', words.Select(PosixQuote.Word)) + "\n";
                var (output, error) = LocalShell.Run(program, arguments, Encoding.UTF8.GetBytes(script));
                return error.Length == 0 && Encoding.UTF8.GetString(output) == string.Concat(words.Select(w => w + "\0"));
            },
            iter: 60);
    }

    [Theory]
    [InlineData("-rf")]
    [InlineData("$(reboot)")]
    [InlineData("`reboot`")]
    [InlineData("'; reboot; '")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void A_word_stays_one_word_and_is_never_run(string text)
    {
        var (output, error) = LocalShell.Run("/bin/sh", [], Encoding.UTF8.GetBytes($"set -- {PosixQuote.Word(text)}\nprintf '%s:%s' \"$#\" \"$1\"\n"));
        Assert.Empty(error);
        Assert.Equal("1:" + text, Encoding.UTF8.GetString(output));
    }

    [Fact]
    public void Nul_is_refused() => Assert.Throws<ArgumentException>(() => PosixQuote.Word("a\0b"));
}
