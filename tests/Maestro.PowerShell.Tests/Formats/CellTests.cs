using Maestro.PowerShell.Tests.Runspaces;

namespace Maestro.PowerShell.Tests.Formats;

public sealed class CellTests(CellTests.Shared shared) : IClassFixture<CellTests.Shared>
{
    [Theory]
    [InlineData("Duration([timespan]::Zero)", "")]
    [InlineData("Duration([timespan]::FromMilliseconds(850))", "850ms")]
    [InlineData("Duration([timespan]::FromSeconds(59.94))", "59.9s")]
    [InlineData("Duration([timespan]::FromSeconds(440))", "7m20s")]
    [InlineData("Duration([timespan]::FromMinutes(65))", "1h05m")]
    [InlineData("Duration([timespan]::FromHours(49))", "49h00m")]
    [InlineData("Duration($null)", "")]
    [InlineData("Speed($null)", "-")]
    [InlineData("Speed(100)", "100M")]
    [InlineData("Speed(2500)", "2.5G")]
    [InlineData("Speed(100000)", "100G")]
    [InlineData("Percent($null)", "-")]
    [InlineData("Percent(33.333)", "33.3")]
    [InlineData("WholePercent(38.4)", "38")]
    [InlineData("Known(0)", "0")]
    [InlineData("Known($null)", "-")]
    [InlineData("Count(0)", "")]
    [InlineData("Count(2)", "2")]
    [InlineData("Number($null)", "")]
    [InlineData("Number(41)", "#41")]
    [InlineData("FirstOf(@())", "")]
    [InlineData("FirstOf(@('a'))", "a")]
    [InlineData("FirstOf(@('a', 'b', 'c'))", "a +2")]
    [InlineData("List(@(1, 2))", "1,2")]
    [InlineData("WholeList(@(1, 2, 3, 4, 5, 6))", "1, 2, 3, 4, 5, 6")]
    [InlineData("Hash('0123456789')", "01234567")]
    [InlineData("Hash('')", "")]
    [InlineData("Moment([DateTimeOffset]::new([datetime]'2001-02-03 04:05:06'))", "02-03 04:05")]
    [InlineData("Moment([DateTimeOffset]::new([datetime]::Today.AddHours(1)))", "01:00:00")]
    [InlineData("SystemVersion([pscustomobject]@{ Version = 'Debian GNU/Linux 12 (bookworm)' })", "Debian 12")]
    [InlineData("SystemVersion([pscustomobject]@{ Version = 'Ubuntu 24.04.1 LTS' })", "Ubuntu 24.04.1")]
    [InlineData("SystemVersion([pscustomobject]@{ Version = 'Rocky Linux 9.4 (Blue Onyx)' })", "Rocky 9.4")]
    [InlineData("SystemVersion([pscustomobject]@{ Version = 'R81.20 T99' })", "R81.20 T99")]
    [InlineData("SystemVersion([pscustomobject]@{ Version = '' })", "")]
    [InlineData("Moment($null)", "")]
    [InlineData("KnownMoment($null)", "-")]
    [InlineData("Spare([pscustomobject]@{ SpareSatisfied = $true; SpareMargin = 2 })", "yes +2")]
    [InlineData("Spare([pscustomobject]@{ SpareSatisfied = $true; SpareMargin = 0 })", "yes +0")]
    [InlineData("Spare([pscustomobject]@{ SpareSatisfied = $false; SpareMargin = -1 })", "no -1")]
    [InlineData("Spare([pscustomobject]@{ SpareSatisfied = $null; SpareMargin = $null })", "-")]
    [InlineData("Agreement($true)", "agrees")]
    [InlineData("Agreement($false)", "differs")]
    [InlineData("Agreement($null)", "-")]
    public void A_cell_reads(string call, string cell)
 =>
        Assert.Equal(cell, shared.Runspace.Run($"[cultureinfo]::CurrentCulture = 'de-DE'; [Maestro.PowerShell.Formats.Column]::{call}").MustSucceed().Output.Single().ToString());

    public sealed class Shared : IDisposable
    {
        internal ModuleRunspace Runspace { get; } = ModuleRunspace.Open();

        public void Dispose() => Runspace.Dispose();
    }
}
