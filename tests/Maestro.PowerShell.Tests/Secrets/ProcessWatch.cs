using System.Collections.Concurrent;
using System.Text;

namespace Maestro.PowerShell.Tests.Secrets;

/// <summary>Looks at the arguments and the environment of every process of this machine while it lives, those inside the testbed's hosts included.</summary>
internal sealed class ProcessWatch : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(15);

    private readonly ConcurrentDictionary<(string Place, string Text), byte> _seen = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;

    public ProcessWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = "process watch" };
        _thread.Start();
    }

    /// <summary>Ends the watch and puts what it saw to the rest.</summary>
    public void AddTo(Haystack haystack)
    {
        Dispose();
        foreach (var (place, text) in _seen.Keys) haystack.Add(place, text);
    }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
    }

    private void Watch()
    {
        do
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(p[^1])))
            {
                var arguments = Read(process + "/cmdline");
                if (arguments.Length == 0) continue;
                _seen.TryAdd(("arguments", arguments), 0);
                _seen.TryAdd(("environment of " + arguments.Split('\0')[0], Read(process + "/environ")), 0);
            }
        }
        while (!_end.Wait(Pace));
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file, Encoding.Latin1);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has ended, which is what processes do.
            return "";
        }
    }
}
