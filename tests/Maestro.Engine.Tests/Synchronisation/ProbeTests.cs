using System.Net;
using System.Net.Sockets;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Probes;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Leases;

namespace Maestro.Engine.Tests.Synchronisation;

public sealed class ProbeTests
{
    [Theory]
    [InlineData("tcp://shop.example:443", ProbeKind.Tcp, false)]
    [InlineData("tcp://[2001:db8::1]:443", ProbeKind.Tcp, false)]
    [InlineData("https://shop.example/health?deep=1", ProbeKind.Http, false)]
    [InlineData("exec: ping -c1 192.0.2.1", ProbeKind.Command, true)]
    [InlineData("script: $true", ProbeKind.Script, false)]
    public void Each_kind_is_told_by_its_text(string text, ProbeKind kind, bool onMembers)
    {
        var probe = Probe.Parse(text);
        Assert.Equal((kind, onMembers), (probe.Kind, probe.IsOnMembers));
    }

    [Theory]
    [InlineData("")]
    [InlineData("exec:")]
    [InlineData("tcp://shop.example")]
    [InlineData("tcp://shop.example:443/path")]
    [InlineData("ftp://shop.example/")]
    [InlineData("shop.example:443")]
    public void What_is_none_is_refused(string text) => Assert.Equal(ErrorCatalogue.ParameterInvalid, Assert.Throws<MaestroException>(() => Probe.Parse(text)).Code);

    [Fact]
    public void A_password_in_an_address_is_refused_and_not_repeated()
    {
        var refusal = Assert.Throws<MaestroException>(() => Probe.Parse("https://anna:hunter2@shop.example/"));
        Assert.DoesNotContain("hunter2", refusal.Message);
    }

    [Fact]
    public async Task A_port_that_somebody_serves_is_good_and_a_closed_one_is_not()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal(EffectKind.Already, (await AskAsync($"tcp://127.0.0.1:{port}")).Kind);
        listener.Stop();
        var closed = await AskAsync($"tcp://127.0.0.1:{port}");
        Assert.Equal((EffectKind.Refused, ErrorCatalogue.ProbeFailed, true), (closed.Kind, closed.Code, closed.Transient));
    }

    [Theory]
    [InlineData("200 OK", EffectKind.Already)]
    [InlineData("503 Busy", EffectKind.Refused)]
    public async Task An_answer_over_http_is_good_by_its_status(string status, EffectKind kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, status);
        var effect = await AskAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/health");
        await served;
        Assert.Equal(kind, effect.Kind);
        Assert.Contains(status, effect.Reason + effect.Evidence);
    }

    [Fact]
    public async Task A_question_that_hangs_is_given_up_at_its_deadline()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var effect = await AskAsync($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", TimeSpan.FromMilliseconds(300));
        Assert.Equal(EffectKind.Refused, effect.Kind);
        Assert.Contains("in time", effect.Reason);
    }

    [Fact]
    public async Task A_script_is_good_unless_it_says_what_it_saw()
    {
        Assert.Equal(EffectKind.Already, (await AskAsync("script:good", script: _ => null)).Kind);
        var bad = await AskAsync("script:bad", script: text => text + " seen");
        Assert.Equal((ErrorCatalogue.ProbeFailed, "bad seen"), (bad.Code, bad.Reason));
        Assert.Equal(ErrorCatalogue.FabricCannot, (await AskAsync("script:nobody")).Code);
    }

    private static Task<Effect> AskAsync(string probe, TimeSpan? limit = null, Func<string, string?>? script = null) => new HereProbes(TimeProvider.System, script).AskAsync(
        new FabricCall
        {
            OperationId = "op",
            StepId = "probe/1",
            Epoch = 1,
            Deadline = TimeProvider.System.GetUtcNow() + (limit ?? TimeSpan.FromSeconds(20)),
            Lease = new LeaseToken { OperationId = "op", Epoch = 1, Resources = [] },
        },
        Probe.Parse(probe));

    private static async Task ServeAsync(TcpListener listener, string status)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var stream = client.GetStream();
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer);
        Assert.True(read > 0);
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    }
}
