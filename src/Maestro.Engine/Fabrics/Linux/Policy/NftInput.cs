using System.Globalization;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>One stream of tokens out of the policy's files and of what they include.</summary>
internal sealed class NftInput(IPolicySource source, IReadOnlyList<string> roots, NftProblems problems)
{
    // nft itself stops at 16 (MAX_INCLUDE_DEPTH in its source).
    private const int DeepestInclude = 16;

    // Far above any real policy; bounds what a pattern that matches too much, or a value made of itself, can cost.
    private const int MostFiles = 2_000;
    private const int MostCharacters = 64 * 1024 * 1024;

    private readonly Stack<Frame> _frames = new([new Frame(new Queue<string>(roots), null, "")]);
    private NftToken? _peeked;
    private int _files;
    private long _characters;

    public NftToken Peek() => _peeked ??= Read();

    public NftToken Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    /// <summary>Goes on with the files that an include names. To be called at the end of its statement.</summary>
    public void Include(NftToken at, string pattern)
    {
        if (pattern.Length == 0 || pattern.IndexOf('\0') >= 0)
        {
            problems.Add(at.Problem("include needs the name of a file"));
            return;
        }

        var isPattern = pattern.IndexOfAny(['*', '?', '[']) >= 0;
        var files = Try(at, pattern, () => source.Resolve(at.File, pattern)) ?? [];
        if (files.Count == 0 && !isPattern) problems.Add(at.Problem($"the included file \"{pattern}\" does not exist"));
        if (_frames.Count > DeepestInclude) problems.Add(at.Problem($"includes are nested more than {DeepestInclude.ToString(CultureInfo.InvariantCulture)} deep"));
        else _frames.Push(new Frame(new Queue<string>(files), at, pattern));
    }

    private NftToken Read()
    {
        while (true)
        {
            var frame = _frames.Peek();
            if (frame.Lexer is null && frame.Files.Count > 0)
            {
                Open(frame);
            }
            else if (frame.Lexer is null)
            {
                if (_frames.Count == 1) return new NftToken(NftTokenKind.End, "", roots[roots.Count - 1], 1, 1, Spaced: true);
                _frames.Pop();
            }
            else
            {
                var token = frame.Lexer.Next();
                if (token.Kind != NftTokenKind.End) return token;
                frame.Lexer = null;
                // A file's end ends its last statement.
                return token with { Kind = NftTokenKind.NewLine };
            }
        }
    }

    private void Open(Frame frame)
    {
        var file = frame.Files.Dequeue();
        var at = frame.At ?? new NftToken(NftTokenKind.End, "", file, 1, 1, Spaced: true);
        var name = frame.At is null ? file : frame.Pattern;
        if (_frames.Any(f => f.Lexer is not null && f.Current == file))
        {
            problems.Add(at.Problem($"\"{name}\" includes itself"));
        }
        else if (++_files > MostFiles)
        {
            problems.Add(at.Problem($"the policy is made of more than {MostFiles.ToString(CultureInfo.InvariantCulture)} files"));
        }
        else if (Try(at, name, () => source.Read(file)) is { } text)
        {
            _characters += text.Length;
            if (_characters > MostCharacters) problems.Add(at.Problem("the policy is larger than 64 MiB"));
            else (frame.Current, frame.Lexer) = (file, new NftLexer(text, file, problems));
        }
    }

    private T? Try<T>(NftToken at, string name, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException)
        {
            problems.Add(at.Problem($"\"{name}\" is not UTF-8 text"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(at.Problem($"\"{name}\" cannot be read: {fault.Message}"));
        }

        return null;
    }

    private sealed class Frame(Queue<string> files, NftToken? at, string pattern)
    {
        public Queue<string> Files { get; } = files;

        public NftToken? At { get; } = at;

        public string Pattern { get; } = pattern;

        public string Current { get; set; } = "";

        /// <summary>Reads the current file; null between two files.</summary>
        public NftLexer? Lexer { get; set; }
    }
}
