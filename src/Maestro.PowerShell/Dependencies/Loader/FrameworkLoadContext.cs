using System.Reflection;
using System.Runtime.InteropServices;

namespace Maestro.Loader;

/// <summary>Loads the engine and its packages from lib/netfx where there are no load contexts: .NET Framework and mono.</summary>
/// <remarks>
/// Every file is loaded by its own path, which .NET Framework keeps apart from assemblies of the same name that other
/// modules brought, and only for askers that are ours, so that nobody else is served from here.
/// </remarks>
internal sealed class FrameworkLoadContext
{
    private static readonly object Lock = new();
    private static FrameworkLoadContext? installed;

    private readonly string moduleDirectory;
    private readonly string assemblyDirectory;
    private readonly string nativeDirectory;
    private readonly Dictionary<string, Assembly> loaded = new(StringComparer.OrdinalIgnoreCase);
    private bool nativeLibraryLoaded;

    private FrameworkLoadContext(string libraryDirectory)
    {
        moduleDirectory = Path.GetDirectoryName(libraryDirectory)!;
        assemblyDirectory = Path.Combine(libraryDirectory, "netfx");
        nativeDirectory = Path.Combine(libraryDirectory, "runtimes");
    }

    /// <summary>Hooks the resolver once per process.</summary>
    public static void Install(string libraryDirectory)
    {
        lock (Lock)
        {
            if (installed is null)
            {
                installed = new FrameworkLoadContext(libraryDirectory);
                AppDomain.CurrentDomain.AssemblyResolve += installed.Resolve;
            }
        }
    }

    private Assembly? Resolve(object? sender, ResolveEventArgs request)
    {
        if (request.RequestingAssembly is { } asker && !IsOurs(asker))
        {
            return null;
        }

        var name = new AssemblyName(request.Name).Name;
        var path = Path.Combine(assemblyDirectory, name + ".dll");
        lock (Lock)
        {
            if (loaded.TryGetValue(name, out var known))
            {
                return known;
            }

            if (!File.Exists(path))
            {
                return null;
            }

            if (name.StartsWith("SQLitePCLRaw", StringComparison.Ordinal))
            {
                LoadNativeLibrary();
            }

            return loaded[name] = Assembly.LoadFile(path);
        }
    }

    private bool IsOurs(Assembly assembly) =>
        !assembly.IsDynamic && assembly.Location.StartsWith(moduleDirectory, StringComparison.OrdinalIgnoreCase);

    /// <summary>Loads SQLite by its full path; the later binding by bare name then finds it in the process.</summary>
    private void LoadNativeLibrary()
    {
        if (nativeLibraryLoaded || Environment.OSVersion.Platform != PlatformID.Win32NT)
        {
            return;
        }

        nativeLibraryLoaded = true;
        var platform = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "win-arm64" : "win-x64";
        LoadLibrary(Path.Combine(nativeDirectory, platform, "native", "e_sqlite3.dll"));
    }

    [DllImport("kernel32", CharSet = CharSet.Unicode, EntryPoint = "LoadLibraryW", SetLastError = true)]
    private static extern IntPtr LoadLibrary(string path);
}
