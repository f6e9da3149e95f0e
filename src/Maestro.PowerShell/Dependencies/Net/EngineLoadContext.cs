using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Maestro.LoadContext;

/// <summary>
/// The engine and every package it uses, apart from the host's and from other modules': what another module loaded
/// under the same name and another version is never seen here, and the other way round.
/// </summary>
public sealed class EngineLoadContext : AssemblyLoadContext
{
    private const string Engine = "Maestro.Engine";

    /// <summary>Packages that only forward to the runtime, and whose names stand in the engine's public signatures.</summary>
    private const string RuntimeForwarders = "Microsoft.Bcl.";

    private static readonly object Lock = new();
    private static EngineLoadContext? installed;

    private readonly string assemblyDirectory;
    private readonly string nativeDirectory;

    private EngineLoadContext(string libraryDirectory)
        : base("Maestro")
    {
        assemblyDirectory = Path.Combine(libraryDirectory, "net");
        nativeDirectory = Path.Combine(libraryDirectory, "runtimes");
    }

    /// <summary>Makes the cmdlets' reference to the engine lead here. There is one context in a process; importing again finds it.</summary>
    /// <param name="libraryDirectory">The module's lib folder.</param>
    public static void Install(string libraryDirectory)
    {
        lock (Lock)
        {
            if (installed is null)
            {
                installed = new EngineLoadContext(libraryDirectory);
                Default.Resolving += (_, name) => installed.Serve(name);
            }
        }
    }

    /// <inheritdoc />
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var path = Path.Combine(assemblyDirectory, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc />
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var path in NativeLibraryFiles.Candidates(nativeDirectory, unmanagedDllName))
        {
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out var handle))
            {
                return handle;
            }
        }

        return IntPtr.Zero;
    }

    private Assembly? Serve(AssemblyName name) =>
        name.Name == Engine || name.Name?.StartsWith(RuntimeForwarders, StringComparison.Ordinal) == true ? Load(name) : null;
}
