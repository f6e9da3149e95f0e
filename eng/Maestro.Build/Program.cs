using Maestro.Build;

if (args.Length == 0)
{
    Console.Error.WriteLine("Maestro.Build Build|Test|Pester|Endurance|Bench|Simulate|Clean [--no-install] [--hours N] [--filter TEXT]");
    return 64;
}

var options = BuildOptions.Parse(args);
return options.Task switch
{
    "Build" => ModuleTask.Run(),
    "Test" => TestTask.Run(options),
    "Pester" => TestTask.RunPesterAlone(),
    "Endurance" => TestTask.Run(options, ("MAESTRO_ENDURANCE", "1"), ("MAESTRO_ENDURANCE_HOURS", options.Hours)),
    "Bench" => DotNet.Run(["run", "-c", "Release", "--project", Repository.Path("bench/Maestro.Bench")]),
    "Simulate" => SimulateTask.Run(options),
    "Clean" => CleanTask.Run(),
    _ => throw new ArgumentException($"There is no task {options.Task}."),
};
