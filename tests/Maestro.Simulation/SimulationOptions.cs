using System.Globalization;

namespace Maestro.Simulation;

/// <summary>What the command was asked for.</summary>
internal sealed record SimulationOptions
{
    public const string Usage = "Maestro.Simulation [--seeds N] [--first N] [--hours H] [--seed N | --scenario PATH [--trace]] [--minutes M] [--threads N] [--figures] [--detection] [--focus NAMES] [--mutants [--only TEXTS] [--skip N] [--seconds N] [--fresh] [--keep FOLDER]] [--shrink FILE]";

    /// <summary>How many seeds.</summary>
    public int Seeds { get; init; } = 100;

    public int First { get; init; } = 1;

    /// <summary>Virtual hours of each history.</summary>
    public double Hours { get; init; } = 1;

    /// <summary>The one seed to run; null for many.</summary>
    public int? Seed { get; init; }

    /// <summary>A scenario's file to run instead of seeds, or a folder of them; empty for none. With <see cref="Mutants"/>, alone with each bug planted.</summary>
    public string Scenario { get; init; } = "";

    public bool Trace { get; init; }

    /// <summary>Real minutes after which no further seed is begun; null for none.</summary>
    public double? Minutes { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Measures how fast histories of one group of the largest size are, on one thread; with <see cref="Detection"/> its figures alone.</summary>
    public bool Figures { get; init; }

    /// <summary>Runs detection histories: the failure detector alone, with probes each 50 ms.</summary>
    public bool Detection { get; init; }

    /// <summary>Plants bugs and counts which are caught.</summary>
    public bool Mutants { get; init; }

    /// <summary>Only mutants whose name contains one of these; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Seconds in which seeds look for each planted bug.</summary>
    public double SecondsEach { get; init; } = 40;

    /// <summary>Seeds alone look for the planted bugs, without the kept scenarios.</summary>
    public bool Fresh { get; init; }

    /// <summary>Wishes and faults to draw nothing but, each where one of its kind is named: for a search, not for the net.</summary>
    public IReadOnlyList<string> Focus { get; init; } = [];

    /// <summary>How many of the mutants to pass over first.</summary>
    public int Skip { get; init; }

    /// <summary>Where to write the shrunk scenario of the seed that fails; empty for not at all.</summary>
    public string Shrink { get; init; } = "";

    /// <summary>Where to write the shrunk scenario of each planted bug that is caught; empty for not at all.</summary>
    public string Keep { get; init; } = "";

    public TimeSpan Length => TimeSpan.FromHours(Hours);

    /// <exception cref="FormatException">An option is unknown or has no value.</exception>
    public static SimulationOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new SimulationOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--seeds" => options with { Seeds = Number(arguments, ++i) },
                "--first" => options with { First = Number(arguments, ++i) },
                "--hours" => options with { Hours = Real(arguments, ++i) },
                "--seed" => options with { Seed = Number(arguments, ++i) },
                "--trace" => options with { Trace = true },
                "--figures" => options with { Figures = true },
                "--detection" => options with { Detection = true },
                "--mutants" => options with { Mutants = true },
                "--only" => options with { Only = Value(arguments, ++i).Split(',') },
                "--seconds" => options with { SecondsEach = Real(arguments, ++i) },
                "--fresh" => options with { Fresh = true },
                "--focus" => options with { Focus = Value(arguments, ++i).Split(',') },
                "--scenario" => options with { Scenario = Value(arguments, ++i) },
                "--skip" => options with { Skip = Number(arguments, ++i) },
                "--shrink" => options with { Shrink = Value(arguments, ++i) },
                "--keep" => options with { Keep = Value(arguments, ++i) },
                "--minutes" => options with { Minutes = Real(arguments, ++i) },
                "--threads" => options with { Threads = Number(arguments, ++i) },
                var unknown => throw new FormatException($"Unknown option {unknown}. {Usage}"),
            };
        }

        return options;
    }

    private static string Value(IReadOnlyList<string> arguments, int index) => index < arguments.Count ? arguments[index] : throw new FormatException($"{arguments[index - 1]} needs a value. {Usage}");

    private static int Number(IReadOnlyList<string> arguments, int index) => int.Parse(Value(arguments, index), NumberStyles.Integer, CultureInfo.InvariantCulture);

    private static double Real(IReadOnlyList<string> arguments, int index) => double.Parse(Value(arguments, index), NumberStyles.Float, CultureInfo.InvariantCulture);
}
