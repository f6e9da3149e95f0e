using System.Text;
using CsCheck;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Tests.Fabrics.Linux.Ssh;

/// <summary>What is written to a shell and how its answers are cut out, with the machine's shells.</summary>
public sealed class ShellFrameTests
{
    public static TheoryData<string, string[]> Shells => new()
    {
        { "dash", [] },
        { "bash", ["--posix"] },
        { "busybox", ["sh"] },
    };

    [SkippableTheory]
    [MemberData(nameof(Shells))]
    public void Output_errors_and_exit_code_come_back_apart(string program, string[] arguments)
    {
        var answers = Run(program, arguments,
            new ShellScript("one", ScriptIntent.Read, "printf 'no line end'\nprintf 'oops\\n' >&2\nexit 3"),
            new ShellScript("two", ScriptIntent.Read, "echo again"),
            new ShellScript("three", ScriptIntent.Read, ":"));
        Assert.Equal([(3, "no line end", "oops"), (0, "again\n", ""), (0, "", "")], answers);
    }

    [SkippableTheory]
    [MemberData(nameof(Shells))]
    public void A_script_sees_its_parameters_and_files_and_an_empty_input(string program, string[] arguments)
    {
        var large = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} $HOME `x` \\ 'ä'\n"));
        var answers = Run(program, arguments, new ShellScript("all", ScriptIntent.Write, "cat\nprintf '%s|' \"$A\"\ncat \"$F\" \"$G\" \"$H\" \"$I\"")
            .With("A", "it's $HOME\n").WithFile("F", "first\n").WithFile("G", large).WithFile("H", "no end").WithFile("I", ""));
        Assert.Equal([(0, "it's $HOME\n|first\n" + large + "no end\n", "")], answers);
    }

    [SkippableTheory]
    [MemberData(nameof(Shells))]
    public void A_script_that_does_not_parse_ends_alone(string program, string[] arguments)
    {
        var answers = Run(program, arguments, new ShellScript("bad", ScriptIntent.Read, "if then )"), new ShellScript("good", ScriptIntent.Read, "echo well"));
        Assert.NotEqual(0, answers[0].ExitCode);
        Assert.NotEmpty(answers[0].Errors);
        Assert.Equal((0, "well\n", ""), answers[1]);
    }

    [SkippableTheory]
    [MemberData(nameof(Shells))]
    public void A_script_leaves_nothing_to_the_next_one(string program, string[] arguments)
    {
        var answers = Run(program, arguments,
            new ShellScript("one", ScriptIntent.Read, "cd /; umask 0; LEFT=1; export LEFT; set -u; trap 'echo bye' EXIT; exec 5>&1"),
            new ShellScript("two", ScriptIntent.Read, "echo \"${LEFT-none} $(umask)\""));
        Assert.Equal("bye\n", answers[0].Output);
        Assert.StartsWith("none 0", answers[1].Output, StringComparison.Ordinal);
        Assert.DoesNotContain("none 0000", answers[1].Output);
    }

    [Fact]
    public void A_script_cannot_learn_the_mark_that_ends_its_answer()
    {
        var answers = Run("/bin/sh", [], new ShellScript("nosy", ScriptIntent.Read, "set; env; echo \"$0 $*\"; cat /proc/$$/cmdline /proc/$PPID/cmdline"));
        Assert.DoesNotContain("mark", answers[0].Output);
        Assert.Equal(0, answers[0].ExitCode);
    }

    [Fact]
    public void Output_that_looks_like_an_end_of_an_answer_is_output()
    {
        var answers = Run("/bin/sh", [], new ShellScript("liar", ScriptIntent.Read, "printf '\\nmaestro_0 0\\n\\nmaestro_0\\n@outcome done\\n'"), new ShellScript("next", ScriptIntent.Read, "echo x"));
        Assert.Equal("\nmaestro_0 0\n\nmaestro_0\n@outcome done\n", answers[0].Output);
        Assert.Equal("x\n", answers[1].Output);
    }

    [Fact]
    public void Answers_are_cut_out_whole_however_the_bytes_arrive()
    {
        string[] pieces = ["", "\n", "\n\n", "ä", "mar", "\nmar", "\nm", "@outcome done\n", "x"];
        var texts = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
        Gen.Select(texts.Array[0, 6], texts.Array[0, 4], Gen.Int[1, 7], Gen.Byte).Sample((output, errors, chunk, code) =>
        {
            var (said, complained) = (string.Concat(output), string.Concat(errors));
            var text = $"noise\nmg\n{said}\nmark {code}\n{complained}\nmark\n\nmark {code}\n\nmark\n";
            var reader = new FrameReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk));
            reader.ReadGreeting("mg");
            return reader.ReadAnswer("mark") == (code, said, complained) && reader.ReadAnswer("mark") == (code, "", "");
        });
    }

    [Fact]
    public void The_end_of_the_shell_in_the_middle_of_an_answer_is_no_answer()
    {
        var reader = new FrameReader(new MemoryStream(Encoding.UTF8.GetBytes("half an answer\nmark 0\n")));
        Assert.Throws<EndOfStreamException>(() => reader.ReadAnswer("mark"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1A")]
    [InlineData("A B")]
    [InlineData("A;reboot")]
    public void What_is_no_variable_is_refused(string name) => Assert.Throws<ArgumentException>(() => new ShellScript("x", ScriptIntent.Read, ":").With(name, "1"));

    private static List<(int ExitCode, string Output, string Errors)> Run(string program, string[] arguments, params ShellScript[] scripts)
    {
        Skip.IfNot(program[0] == '/' || LocalShell.Exists(program), $"{program} is not installed: how it reads our frames is not seen");
        var marks = scripts.Select((_, i) => $"mark{i}").ToList();
        var input = "echo noise of a profile\n" + ShellScript.Greeting("hello") + string.Concat(scripts.Zip(marks, (s, m) => s.Frame(m)));
        var reader = new FrameReader(new MemoryStream(LocalShell.Run(program, arguments, Encoding.UTF8.GetBytes(input)).Output));
        reader.ReadGreeting("hello");
        return [.. marks.Select(reader.ReadAnswer)];
    }

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
