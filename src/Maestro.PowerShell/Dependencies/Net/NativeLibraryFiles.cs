using System.Runtime.InteropServices;

namespace Maestro.LoadContext;

/// <summary>Where a native library may lie under lib/runtimes, the likeliest place first.</summary>
internal static class NativeLibraryFiles
{
    public static IEnumerable<string> Candidates(string runtimesDirectory, string libraryName)
    {
        var fileName = OperatingSystem.IsWindows() ? $"{libraryName}.dll"
            : OperatingSystem.IsMacOS() ? $"lib{libraryName}.dylib"
            : $"lib{libraryName}.so";
        return Platforms().Distinct().Select(platform => Path.Combine(runtimesDirectory, platform, "native", fileName));
    }

    /// <summary>The runtime's own name for the platform, then the portable ones: a distribution's build of .NET names itself after the distribution.</summary>
    private static IEnumerable<string> Platforms()
    {
        yield return RuntimeInformation.RuntimeIdentifier;
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (OperatingSystem.IsWindows())
        {
            yield return $"win-{architecture}";
        }
        else if (OperatingSystem.IsMacOS())
        {
            yield return $"osx-{architecture}";
        }
        else
        {
            yield return $"linux-{architecture}";
            yield return $"linux-musl-{architecture}";
        }
    }
}
