using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace Maestro.Simulation.Mutants;

/// <summary>The engine with all bugs planted behind their switches: made of a copy of its sources, so that the shipped one holds nothing of them.</summary>
internal sealed class PlantedEngine
{
    private const string Switch =
        "namespace Maestro.Engine;\n\ninternal static class Planted\n{\n    public static string On = \"\";\n\n    public static bool Is(string name) => On == name;\n}\n";

    private readonly MethodInfo _probe;
    private readonly MethodInfo _replay;
    private readonly FieldInfo _switch;

    private PlantedEngine(Assembly engine, Assembly simulation)
    {
        _switch = engine.GetType("Maestro.Engine.Planted", throwOnError: true)!.GetField("On")!;
        _probe = simulation.GetType(typeof(MutantProbe).FullName!, throwOnError: true)!.GetMethod(nameof(MutantProbe.Run))!;
        _replay = _probe.DeclaringType!.GetMethod(nameof(MutantProbe.Replay))!;
    }

    /// <summary>The bugs that have no place in the engine any more: what they replace does not stand there exactly once.</summary>
    public static IReadOnlyList<Mutant> FindMisfits(string repository, IReadOnlyList<Mutant> mutants)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var misfits = new List<Mutant>();
        foreach (var mutant in mutants)
        {
            for (var piece = mutant; piece is not null; piece = piece.Also)
            {
                if (!texts.TryGetValue(piece.File, out var text)) text = File.ReadAllText(Path.Combine(repository, "src", "Maestro.Engine", piece.File));
                if (Replaced(text, piece) is { } planted) texts[piece.File] = planted;
                else misfits.Add(mutant);
            }
        }

        return misfits;
    }

    /// <summary>Builds it.</summary>
    /// <exception cref="InvalidOperationException">A piece to replace is not in the source any more, or the result does not compile.</exception>
    public static PlantedEngine Build(string repository, IReadOnlyList<Mutant> mutants)
    {
        var folder = Path.Combine(repository, "out", "mutants");
        var sources = Path.Combine(folder, "Maestro.Engine");
        if (Directory.Exists(sources)) Directory.Delete(sources, recursive: true);
        var original = Path.Combine(repository, "src", "Maestro.Engine");
        foreach (var file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories).Where(f => !IsBuildOutput(Path.GetRelativePath(original, f))))
        {
            var target = Path.Combine(sources, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        foreach (var mutant in mutants)
        {
            for (var piece = mutant; piece is not null; piece = piece.Also) Plant(sources, piece);
        }

        File.WriteAllText(Path.Combine(sources, "Planted.cs"), Switch);
        var binaries = Path.Combine(folder, "bin");
        Compile(Path.Combine(sources, "Maestro.Engine.csproj"), binaries);
        var context = new PlantedContext(Path.Combine(binaries, "Maestro.Engine.dll"));
        return new PlantedEngine(context.LoadFromAssemblyName(new AssemblyName("Maestro.Engine")), context.LoadFromAssemblyName(new AssemblyName("Maestro.Simulation")));
    }

    /// <summary>Runs seeds until one fails; answers as <see cref="MutantProbe"/> does.</summary>
    public string Probe(string mutant, SimulationOptions options)
    {
        _switch.SetValue(null, mutant);
        return (string)_probe.Invoke(null, [options.First, options.Seeds, options.Hours, options.Threads, options.SecondsEach, mutant, mutant.Length > 0 ? options.Keep : "", (string[])[.. options.Focus]])!;
    }

    /// <summary>The invariant that a scenario, as text, breaks with the bug planted; empty when it holds.</summary>
    public string Replay(string mutant, string scenario)
    {
        _switch.SetValue(null, mutant);
        return (string)_replay.Invoke(null, [scenario])!;
    }

    private static void Plant(string sources, Mutant mutant)
    {
        var path = Path.Combine(sources, mutant.File);
        File.WriteAllText(path, Replaced(File.ReadAllText(path), mutant) ?? throw new InvalidOperationException($"'{mutant.Name}' has no place in {mutant.File}."));
    }

    private static string? Replaced(string text, Mutant mutant)
    {
        var at = text.IndexOf(mutant.Original, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(mutant.Original, at + 1, StringComparison.Ordinal) >= 0) return null;
        return text[..at] + mutant.Planted + text[(at + mutant.Original.Length)..];
    }

    private static bool IsBuildOutput(string path) => path.StartsWith("bin" + Path.DirectorySeparatorChar, StringComparison.Ordinal) || path.StartsWith("obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static void Compile(string project, string binaries)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["build", project, "-c", "Release", "-v", "q", "--nologo", "-o", binaries, "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException("The engine does not compile with the bugs planted:\n" + output);
    }

    /// <summary>Loads the planted engine and, on top of it, this very simulation a second time; all else is shared.</summary>
    private sealed class PlantedContext(string engine) : AssemblyLoadContext("planted")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name switch
        {
            "Maestro.Engine" => LoadFromAssemblyPath(engine),
            "Maestro.Simulation" => LoadFromAssemblyPath(typeof(PlantedEngine).Assembly.Location),
            _ => null,
        };
    }
}
