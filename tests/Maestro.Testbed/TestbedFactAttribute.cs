using Xunit;

namespace Maestro.Testbeds;

/// <summary>A test on real gateways. Skipped with the reason where none can run; with MAESTRO_REQUIRE_TESTBED=1 it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TestbedFactAttribute : FactAttribute
{
    /// <summary>Decides from <see cref="TestbedRequirement.SkipReason"/>.</summary>
    public TestbedFactAttribute() => Skip = TestbedRequirement.SkipReason;
}
