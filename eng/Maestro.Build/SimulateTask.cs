namespace Maestro.Build;

/// <summary>Runs seeded histories for as long as is asked.</summary>
internal static class SimulateTask
{
    public static int Run(BuildOptions options)
    {
        var project = Repository.Path("tests/Maestro.Simulation");
        if (!Directory.Exists(project))
        {
            Console.Error.WriteLine("There is no simulation suite in this version.");
            return 1;
        }

        return DotNet.Run(
            ["test", project, "-c", "Release", "--nologo", .. TestTask.FilterArguments(options)],
            ("MAESTRO_SIMULATION_HOURS", options.Hours));
    }
}
