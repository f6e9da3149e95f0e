using System.ComponentModel;
using System.Diagnostics;

namespace Maestro.Engine.Fabrics.Linux.Policy;

/// <summary>The commit that a policy's files were taken from. It only describes them, so nothing that goes wrong here stops a policy.</summary>
/// <param name="Commit">Empty when the files lie in no git work tree, or it is not known.</param>
/// <param name="Dirty">True when the files differ from that commit, or when that could not be found out.</param>
internal sealed record GitOrigin(string Commit, bool Dirty)
{
    // A status of one path takes milliseconds; a work tree on a sick disk must not hold a policy up.
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(3);

    public static readonly GitOrigin None = new("", false);

    public static GitOrigin Of(string path) => Of(path, FindGit());

    /// <param name="path">A file or folder, absolute.</param>
    /// <param name="git">The program to ask; null when there is none.</param>
    internal static GitOrigin Of(string path, string? git)
    {
        try
        {
            if (GitHead.WorkTreeOf(path) is not { } workTree || GitHead.CommitOf(workTree) is not { Length: > 0 } commit) return None;
            return new GitOrigin(commit, git is null || !IsClean(git, workTree, path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Files of git that cannot be read tell no commit.
            return None;
        }
    }

    /// <summary>Looked for in PATH itself: left to the system, a program of that name in the current folder may be taken.</summary>
    internal static string? FindGit()
    {
        var names = Path.DirectorySeparatorChar == '\\' ? new[] { "git.exe" } : ["git"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(f => f.IndexOfAny(Path.GetInvalidPathChars()) < 0 && Path.IsPathRooted(f))
            .SelectMany(f => names.Select(n => Path.Combine(f, n)))
            .FirstOrDefault(File.Exists);
    }

    private static bool IsClean(string git, string workTree, string path)
    {
        // An ignored file is no file of the commit; in a folder, though, what is ignored is no fragment as a rule. A monitor that the work tree
        // configures is a program of somebody's: it is not run.
        var ignored = File.Exists(path) ? " --ignored" : "";
        var relative = path.Length > workTree.Length ? path.Substring(workTree.Length).TrimStart(Path.DirectorySeparatorChar) : ".";
        if (relative.IndexOf('"') >= 0 || relative.EndsWith("\\", StringComparison.Ordinal)) return false;
        var start = new ProcessStartInfo(git, $"-c core.fsmonitor=false --literal-pathspecs status --porcelain{ignored} -- \"{relative}\"")
        {
            WorkingDirectory = workTree,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.EnvironmentVariables["GIT_OPTIONAL_LOCKS"] = "0";
        // Set by a hook that runs us, they name another repository.
        foreach (var variable in new[] { "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE" }) start.EnvironmentVariables.Remove(variable);
        try
        {
            using var process = Process.Start(start)!;
            var said = false;
            process.OutputDataReceived += (_, line) => said |= !string.IsNullOrEmpty(line.Data);
            process.ErrorDataReceived += (_, _) => { };
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit((int)StatusTimeout.TotalMilliseconds))
            {
                process.Kill();
                return false;
            }

            // The second wait is for the end of the output.
            process.WaitForExit();
            return process.ExitCode == 0 && !said;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
        {
            // It cannot be started, or ended while it was told to: not known is not clean.
            return false;
        }
    }
}
