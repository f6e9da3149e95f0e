using Xunit;

namespace Maestro.Testbeds;

/// <summary>
/// A bed shared by the tests of one class or collection (<c>IClassFixture</c>, <c>ICollectionFixture</c>): derive from it and say what the bed is made of.
/// Where no testbed can run it starts nothing, and the tests are skipped by their <see cref="TestbedFactAttribute"/>.
/// </summary>
public abstract class TestbedFixture(TestbedOptions options) : IAsyncLifetime
{
    private Testbed? _bed;

    /// <summary>The running bed.</summary>
    /// <exception cref="TestbedException">No testbed can run here.</exception>
    public Testbed Bed => _bed ?? throw new TestbedException(TestbedRequirement.Unavailable ?? "The bed was not started.");

    /// <summary>Starts the bed, unless its tests will be skipped.</summary>
    public async Task InitializeAsync()
    {
        if (TestbedRequirement.SkipReason is null)
        {
            _bed = await Testbed.StartAsync(options);
        }
    }

    /// <summary>Takes the bed down.</summary>
    public async Task DisposeAsync()
    {
        if (_bed is not null)
        {
            await _bed.DisposeAsync();
        }
    }
}
