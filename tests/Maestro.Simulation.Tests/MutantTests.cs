using Maestro.Simulation.Mutants;

namespace Maestro.Simulation.Tests;

public sealed class MutantTests
{
    [Fact]
    public void Every_bug_still_has_its_place_in_the_engine() =>
        Assert.Empty(PlantedEngine.FindMisfits(MutantRun.Repository(), AllMutants.List).Select(m => $"{m.Name}: follow the change of {m.File} in AllMutants"));

    [Fact]
    public void No_two_bugs_share_a_name() => Assert.Equal(AllMutants.List.Count, AllMutants.List.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count());
}
