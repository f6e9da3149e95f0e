using Xunit;

namespace Maestro.Testbeds;

/// <summary>As <see cref="TestbedFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TestbedTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides from <see cref="TestbedRequirement.SkipReason"/>.</summary>
    public TestbedTheoryAttribute() => Skip = TestbedRequirement.SkipReason;
}
