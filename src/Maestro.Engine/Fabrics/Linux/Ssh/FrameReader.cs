using System.Globalization;
using System.Text;

namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>Cuts the answers out of a shell's output: see <see cref="ShellScript.Frame"/>.</summary>
internal sealed class FrameReader(Stream stream)
{
    // Far above every answer (the largest are policies read back), far below what would hurt.
    private const int LargestAnswerBytes = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    /// <summary>Skips everything up to and with the line <paramref name="mark"/>: what the login shell says before it is of no interest.</summary>
    /// <exception cref="EndOfStreamException">The shell ended.</exception>
    public void ReadGreeting(string mark)
    {
        var (_, end) = Find(Encoding.ASCII.GetBytes("\n" + mark + "\n"), 0);
        Discard(end);
    }

    /// <summary>What came and belongs to no answer: the last words of a shell that ended.</summary>
    public string Rest => Text(0, _length).Trim();

    /// <exception cref="EndOfStreamException">The shell ended.</exception>
    public (int ExitCode, string Output, string ErrorOutput) ReadAnswer(string mark)
    {
        var (outputEnd, codeStart) = Find(Encoding.ASCII.GetBytes("\n" + mark + " "), 0);
        var (codeEnd, errorStart) = Find([(byte)'\n'], codeStart);
        var (errorEnd, end) = Find(Encoding.ASCII.GetBytes("\n" + mark + "\n"), errorStart);
        var answer = (
            int.Parse(Text(codeStart, codeEnd), NumberStyles.None, CultureInfo.InvariantCulture),
            Text(0, outputEnd),
            Text(errorStart, errorEnd));
        Discard(end);
        return answer;
    }

    private string Text(int start, int end) => Encoding.UTF8.GetString(_buffer, start, end - start);

    private (int Start, int End) Find(byte[] pattern, int from)
    {
        while (true)
        {
            for (var start = Array.IndexOf(_buffer, pattern[0], from, _length - from); start >= 0 && start + pattern.Length <= _length; start = Array.IndexOf(_buffer, pattern[0], start + 1, _length - start - 1))
            {
                var i = 1;
                while (i < pattern.Length && _buffer[start + i] == pattern[i]) i++;
                if (i == pattern.Length) return (start, start + pattern.Length);
            }

            // What may be the pattern's beginning is looked at again when more is there.
            from = Math.Max(from, _length - pattern.Length + 1);
            Fill();
        }
    }

    private void Fill()
    {
        if (_length == _buffer.Length)
        {
            if (_length >= LargestAnswerBytes) throw new IOException($"the answer is longer than {LargestAnswerBytes.ToString(CultureInfo.InvariantCulture)} bytes");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var count = stream.Read(_buffer, _length, _buffer.Length - _length);
        if (count == 0) throw new EndOfStreamException("the shell ended");
        _length += count;
    }

    private void Discard(int count)
    {
        Buffer.BlockCopy(_buffer, count, _buffer, 0, _length - count);
        _length -= count;
    }
}
