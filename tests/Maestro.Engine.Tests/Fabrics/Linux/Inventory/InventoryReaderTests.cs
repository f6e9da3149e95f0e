using CsCheck;
using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Tests.Fabrics.Linux.Inventory;

public sealed class InventoryReaderTests
{
    private const string Least = """{ "version": 1, "name": "fra", "gateways": [ { "id": "fw-a1", "address": "192.0.2.11" } ] }""";

    [Fact]
    public void Version_name_and_each_gateways_id_and_address_are_enough()
    {
        var file = Parse(Least);
        var gateway = Assert.Single(file.Gateways);
        Assert.Equal("fra", file.Name);
        Assert.Empty(file.Orchestrators);
        Assert.Equal(("fw-a1", "192.0.2.11", 22, "root", false, "", "", null), (gateway.Host.Id, gateway.Host.Address, gateway.Host.Port, gateway.Host.User, gateway.Host.BecomeRoot, gateway.Host.KeyPath, gateway.Host.HostKey, gateway.Host.Jump));
        Assert.Equal((1, null, ""), (gateway.Site, gateway.Cores, gateway.Model));
    }

    [Fact]
    public void Copies_of_connections_have_a_port_a_delay_a_rate_and_services_of_their_own_delay()
    {
        var usual = Parse(Least.Replace("\"name\"", "\"stateSync\": {}, \"name\"", StringComparison.Ordinal)).StateSync!;
        Assert.Equal((7422, 3, 2000, 0), (usual.Port, usual.Delay, usual.Rate, usual.Services.Count));
        var own = Parse(Least.Replace("\"name\"", """ "stateSync": { "delay": 5, "copiesPerSecond": 100, "services": [ { "protocol": "udp", "port": 53, "delay": 60 }, { "protocol": "tcp", "port": 443, "delay": 0 } ] }, "name" """, StringComparison.Ordinal)).StateSync!;
        Assert.Equal((5, 100), (own.Delay, own.Rate));
        Flow To(byte protocol, ushort port) => new(System.Net.IPAddress.Loopback, System.Net.IPAddress.Loopback, protocol, 1024, port);
        Assert.Equal([60, 0, 5, 5], new[] { To(Flow.Udp, 53), To(Flow.Tcp, 443), To(Flow.Tcp, 53), To(1, 0) }.Select(own.DelayOf));
    }

    [Fact]
    public void A_service_stands_in_a_list_once()
    {
        var text = Least.Replace("\"name\"", """ "stateSync": { "services": [ { "protocol": "udp", "port": 53, "delay": 60 }, { "protocol": "udp", "port": 53, "delay": 0 } ] }, "name" """, StringComparison.Ordinal);
        Assert.Contains("this service stands here twice", Assert.Throws<MaestroException>(() => Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_inventory_is_read_as_it_is_written()
    {
        var file = Parse("""
            // Frankfurt
            { "$schema": "maestro-inventory-1.schema.json", "version": 1, "name": "fra",
              "defaults": { "user": "maestro", "port": 2200, "keyPath": "~/.ssh/maestro", "become": "sudo", "site": 2, "jump": "bastion" },
              "jumpHosts": [ { "id": "bastion", "address": "bastion.example", "hostKey": "SHA256:kU3q" } ],
              "orchestrators": [
                { "id": "1_1", "address": "192.0.2.1", "hostKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA11", "ports": [
                  { "id": "1/1/1", "interface": "ens1", "type": "uplink", "side": "outside", "address": "198.51.100.2/24", "virtualAddress": "198.51.100.1/24" },
                  { "id": "1/31/1", "interface": "ens5", "type": "ssm_sync", "address": "10.90.9.1/30" } ] } ],
              /* the rack
                 by the door */
              "gateways": [
                { "id": "fw-a1", "address": "192.0.2.11", "cores": 16, "model": "R740", "description": "rack A", "downlinks": [
                  { "interface": "eth1", "side": "outside", "address": "2001:db8::11/64" } ] },
                { "id": "fw-a3", "address": "[2001:DB8::13]:22", "user": "root", "become": "none", "site": 1, "keyPath": "keys/a3", "jump": "" } ] }
            """);
        var (first, second) = (file.Gateways[0], file.Gateways[1]);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.Equal(("maestro", 2200, true, Path.Combine(home, ".ssh/maestro"), 2), (first.Host.User, first.Host.Port, first.Host.BecomeRoot, first.Host.KeyPath, first.Site));
        Assert.Equal(("bastion", "bastion.example", 22, "maestro", "SHA256:kU3q"), (first.Host.Jump!.Id, first.Host.Jump.Address, first.Host.Jump.Port, first.Host.Jump.User, first.Host.Jump.HostKey));
        Assert.Equal((16, "R740", "rack A"), (first.Cores, first.Model, first.Description));
        Assert.Equal([new InventoryDownlink("eth1", "outside", "2001:db8::11/64")], first.Downlinks);
        Assert.Equal(("2001:db8::13", 22, "root", false, Path.GetFullPath("keys/a3"), 1, null), (second.Host.Address, second.Host.Port, second.Host.User, second.Host.BecomeRoot, second.Host.KeyPath, second.Site, second.Host.Jump));
        var orchestrator = Assert.Single(file.Orchestrators);
        Assert.Equal(("1_1", 1), (orchestrator.Host.Id, orchestrator.Site));
        Assert.Equal([new InventoryPort("1/1/1", "ens1", "uplink", "outside", "198.51.100.2/24", "198.51.100.1/24"), new InventoryPort("1/31/1", "ens5", "ssm_sync", "", "10.90.9.1/30", "")], orchestrator.Ports);
    }

    [Theory]
    [InlineData("fw.example", "fw.example", 22)]
    [InlineData("fw.example:2222", "fw.example", 2222)]
    [InlineData("192.0.2.1:2222", "192.0.2.1", 2222)]
    [InlineData("2001:db8::1", "2001:db8::1", 22)]
    [InlineData("2001:DB8:0:0::1", "2001:db8::1", 22)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 22)]
    [InlineData("[2001:db8::1]:2222", "2001:db8::1", 2222)]
    [InlineData("fe80::1%eth0", "fe80::1%eth0", 22)]
    public void An_address_may_carry_its_port(string text, string address, int port)
    {
        var host = Parse(Least.Replace("192.0.2.11", text)).Gateways[0].Host;
        Assert.Equal((address, port), (host.Address, host.Port));
    }

    [Theory]
    [InlineData("fw:0")]
    [InlineData("fw:65536")]
    [InlineData("fw:ssh")]
    [InlineData("fw example")]
    [InlineData("-oProxyCommand=reboot")]
    [InlineData("user@fw")]
    [InlineData("[fw]:22")]
    [InlineData("[2001:db8::g]")]
    [InlineData("2001:db8::1::2")]
    [InlineData("ssh://fw")]
    public void What_is_no_address_is_refused(string text) => Assert.Contains("is no address", Refusal(Least.Replace("192.0.2.11", text)));

    // The mark shows where the key or the value begins that is at fault.
    [Theory]
    [InlineData("¦\"adress\": \"x\"", "unknown key 'adress'; did you mean 'address'?")]
    [InlineData("¦\"hostkey\": \"x\"", "unknown key 'hostkey'; did you mean 'hostKey'?")]
    [InlineData("¦\"zzzzzzzzzzzzzzzzz\": 1", "unknown key 'zzzzzzzzzzzzzzzzz'")]
    [InlineData("\"site\": ¦3", "'site' must be a whole number from 1 to 2")]
    [InlineData("\"site\": ¦\"1\"", "'site' must be a whole number from 1 to 2")]
    [InlineData("\"port\": ¦0", "'port' must be a whole number from 1 to 65535")]
    [InlineData("\"port\"  :  ¦22.5", "'port' must be a whole number")]
    [InlineData("\"port\": ¦99999999999999999999999", "'port' must be a whole number")]
    [InlineData("\"user\": ¦7", "'user' must be text")]
    [InlineData("\"user\": ¦null", "'user' must be text")]
    [InlineData("\"user\": ¦\"a\\u0007b\"", "'user' holds a control character")]
    [InlineData("\"become\": /* no, \" */ ¦\"su\"", "'become' is 'su'; it may be sudo, none")]
    [InlineData("// a comment {\n \"become\": ¦\"su\"", "'become' is 'su'; it may be sudo, none")]
    [InlineData("\"jump\": ¦\"b\"", "there is no jump host 'b' in 'jumpHosts'")]
    [InlineData("\"hostKey\": ¦\"MD5:aa:bb\"", "a host key is SHA256:... or a whole key")]
    [InlineData("\"hostKey\": ¦\"ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA11\"", "a host key is")]
    [InlineData("\"downlinks\": ¦{}", "'downlinks' must be a list")]
    [InlineData("\"downlinks\": [ ¦1 ]", "'downlinks' holds objects only")]
    [InlineData("\"downlinks\": [ ¦{ } ]", "'interface' is missing")]
    [InlineData("\"downlinks\": [ { \"interface\": \"\\\"{\", \"side\": ¦\"left\" } ]", "'side' is 'left'; it may be inside, outside")]
    [InlineData("\"downlinks\": [ { \"interface\": \"e\", \"address\": ¦\"10.1/24\" } ]", "'10.1/24' is no address with a prefix length")]
    [InlineData("\"downlinks\": [ { \"interface\": \"e\", \"address\": ¦\"10.0.0.1/33\" } ]", "'10.0.0.1/33' is no address with a prefix length")]
    [InlineData("\"downlinks\": [ { \"interface\": \"e\", \"address\": ¦\"::1/129\" } ]", "'::1/129' is no address with a prefix length")]
    public void A_fault_is_named_with_the_line_and_column_where_it_begins(string pair, string said) =>
        Refuses(Least.Replace("\"192.0.2.11\" }", "\"192.0.2.11\",\n" + pair + " }"), said);

    [Theory]
    [InlineData("\"virtualAddress\": \"10.0.0.1/24\"", "the port 'p' has a 'virtualAddress' and no 'address' of its own")]
    [InlineData("\"address\": \"2001:db8::1/64\", \"virtualAddress\": \"10.0.0.1/24\"", "are of two families")]
    [InlineData("\"address\": \"10.0.0.1/24\", \"virtualAddress\": \"10.0.0.1/24\"", "is the port's own address")]
    [InlineData("\"address\": \"10.0.0.2/24\", \"virtualAddress\": \"10.0.0.1/24\" }, { \"id\": \"q\", \"interface\": \"f\", \"type\": \"uplink\", \"address\": \"10.0.0.3/24\", \"virtualAddress\": \"10.0.0.1/16\"", "two ports of 'o' have the virtualAddress 10.0.0.1")]
    public void An_address_that_cannot_be_shared_is_a_fault(string pairs, string said) =>
        Assert.Contains(said, Refusal($$"""{ "version": 1, "name": "fra", "gateways": [], "orchestrators": [ { "id": "o", "address": "192.0.2.1", "ports": [ { "id": "p", "interface": "e", "type": "uplink", {{pairs}} } ] } ] }"""));

    private const string Steered = """
        { "version": 1, "name": "fra",
          "orchestrators": [ { "id": "1_1", "address": "192.0.2.1", "ports": [
            { "id": "1/1/1", "interface": "ens1", "type": "uplink", "side": "outside" },
            { "id": "1/1/2", "interface": "ens2", "type": "uplink", "side": "inside" } ] } ],
          "gateways": [
            { "id": "fw-a1", "address": "192.0.2.11", "downlinks": [
              { "interface": "eth1", "side": "outside", "address": "10.91.1.1/24" }, { "interface": "eth2", "side": "inside", "address": "10.92.1.1/24" } ] },
            { "id": "fw-a2", "address": "192.0.2.12", "downlinks": [
              { "interface": "eth1", "side": "outside", "address": "10.91.1.2/24" }, { "interface": "eth2", "side": "inside", "address": "10.92.1.2/24" } ] } ] }
        """;

    [Fact]
    public void An_orchestrator_with_an_uplink_on_either_side_steers()
    {
        Assert.True(Parse(Steered).Orchestrators[0].Steers);
        Assert.False(Parse(Steered.Replace("\"uplink\", \"side\": \"inside\"", "\"downlink\", \"side\": \"inside\"")).Orchestrators[0].Steers);
    }

    [Theory]
    [InlineData(", \"address\": \"10.91.1.2/24\"", "", "the orchestrators cannot hand packets over to 'fw-a2': no downlink has an address outside in IPv4")]
    [InlineData("\"10.92.1.2/24\" }", "\"10.92.1.2/24\" }, { \"interface\": \"eth1\", \"side\": \"outside\", \"address\": \"2001:db8::2/64\" }", "'fw-a1': no downlink has an address inside in IPv6, outside in IPv6")]
    [InlineData("\"interface\": \"ens2\"", "\"interface\": ¦\"e\\\" } drop\"", "'e\" } drop' is no interface")]
    public void What_a_steering_orchestrator_cannot_use_is_a_fault(string was, string becomes, string said)
    {
        var text = Steered.Replace("\r", "").Replace(was, becomes);
        Assert.NotEqual(Steered, text);
        if (becomes.Contains('¦')) Refuses(text, said);
        else Assert.Contains(said, Assert.Throws<MaestroException>(() => Parse(text)).Message);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("sudoPassword")]
    [InlineData("key_passphrase")]
    [InlineData("api-key")]
    [InlineData("PrivateKey")]
    [InlineData("secret")]
    [InlineData("authToken")]
    [InlineData("pwd")]
    public void A_key_named_like_a_secret_is_refused_and_its_value_not_repeated(string key)
    {
        var refusal = Refuses(Least.Replace("\"192.0.2.11\" }", $"\"192.0.2.11\", ¦\"{key}\": \"planted-value\" }}"), $"'{key}': a secret does not belong into an inventory");
        Assert.DoesNotContain("planted-value", refusal);
    }

    [Theory]
    [InlineData("\"address\": \"root:planted-value@192.0.2.11\"")]
    [InlineData("\"address\": \"ssh://root:planted-value@192.0.2.11\"")]
    [InlineData("\"user\": \"root:planted-value\"")]
    [InlineData("\"password\": planted-value")]
    [InlineData("\"password\": \"planted-value")]
    [InlineData("\"password\": \"\\planted-value\"")]
    [InlineData("\"sshPassword\": { \"text\": \"planted-value\" }")]
    [InlineData("\"description\": \"a\", \"password\": -planted-value")]
    public void A_password_that_stands_there_all_the_same_is_refused_and_not_repeated(string keys)
    {
        var fault = Assert.Throws<MaestroException>(() => Parse($"{{ \"version\": 1, \"name\": \"fra\", \"gateways\": [ {{ \"id\": \"fw\", {keys} }} ] }}"));
        Assert.Equal(ErrorCatalogue.InventoryInvalid, fault.Code);
        Assert.DoesNotContain("planted", fault.ToString());
    }

    [Fact]
    public void A_number_that_cannot_be_read_is_not_repeated()
    {
        var fault = Assert.Throws<MaestroException>(() => Parse("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [], \"password\": 4711.0815.12 }"));
        Assert.Contains("not a valid", fault.Message);
        Assert.DoesNotContain("0815", fault.ToString());
    }

    [Theory]
    [InlineData("¦{ \"version\": 1, \"name\": \"fra\" }", "'gateways' is missing")]
    [InlineData("\n¦{ \"name\": \"fra\", \"gateways\": [] }", "'version' is missing")]
    [InlineData("{ \"version\": ¦2, \"name\": \"fra\", \"gateways\": [] }", "version 2 is not known")]
    [InlineData("{ \"version\": ¦\"1\", \"name\": \"fra\", \"gateways\": [] }", "'version' must be a whole number")]
    [InlineData("¦{ \"version\": 1, \"gateways\": [] }", "'name' is missing")]
    [InlineData("{ \"version\": 1, \"name\": ¦\"\", \"gateways\": [] }", "'name' is empty")]
    [InlineData("{ \"version\": 1, \"name\": ¦\"../fra\", \"gateways\": [] }", "'../fra' is no name")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [ ¦{} ] }", "'id' is missing")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [ ¦{} ] }", "'address' is missing")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [ { \"id\": ¦\"a/b\", \"address\": \"x\" } ] }", "'a/b' is no id")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [], \"defaults\": ¦5 }", "'defaults' must be an object")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [], \"defaults\": { \"site\": ¦9 } }", "'site' must be a whole number from 1 to 2")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [], \"orchestrators\": [ { \"id\": \"2_1\", \"site\": ¦1, \"address\": \"x\" } ] }", "the orchestrator '2_1' cannot stand in site 1")]
    public void A_file_that_is_wrong_from_the_ground_up_says_where(string text, string said) => Refuses(text, said);

    [Theory]
    [InlineData("{ \"version\": 1,\n  \"name\": \"fra\",\n  \"gateways\": [ }", @"fra\.json:3:\d+: .")]
    [InlineData("{ \"version\": 1,\n \"version\": 1 }", @"fra\.json:2:\d+: .*already exists")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [] }\nx", @"fra\.json:2:\d+: .")]
    [InlineData("{ \"version\": 1, \"name\": \"fra\", \"gateways\": [] }\n{}", @"fra\.json:2:\d+: Additional text")]
    [InlineData("[]", @"fra\.json:1:\d+: .")]
    [InlineData("", @"fra\.json:1:1: .")]
    public void What_is_no_JSON_says_on_which_line(string text, string said) => Assert.Matches(said, Refusal(text));

    [Fact]
    public void Nobody_stands_in_the_file_twice()
    {
        Refuses("""
            { "version": 1, "name": "fra",
              "jumpHosts": [ { "id": "b", "address": "b1" }, { "id": ¦"b", "address": "b2" } ],
              "orchestrators": [ { "id": "1_1", "address": "o1", "ports": [ { "id": "1/1/1", "interface": "a", "type": "mgmt" }, { "id": ¦"1/1/1", "interface": "b", "type": "mgmt" } ] } ],
              "gateways": [
                { "id": "fw", "address": "192.0.2.1" },
                { "id": ¦"FW", "address": "192.0.2.2" },
                { "id": "fx", "address": ¦"192.0.2.1", "port": 22 },
                { "id": "fy", "address": "192.0.2.1", "port": 2222 },
                { "id": "fz", "address": "192.0.2.1", "jump": "b" } ] }
            """,
            "the jump host 'b' stands here twice", "the port '1/1/1' stands here twice", "the id 'FW' stands here twice", "'fx' has the address of 'fw', 192.0.2.1");
    }

    [Fact]
    public void All_faults_are_named_at_once_in_the_order_of_the_file()
    {
        Refuses("""
            {
              "version": 1, "name": "fra",
              "defaults": { "become": ¦"doas" },
              "gateways": [ { "id": "a", "address": ¦"x y" }, { "id": "b", "address": "b", ¦"sites": 1 } ]
            }
            """,
            "'become' is 'doas'; it may be sudo, none",
            "'x y' is no address: a name, 192.0.2.1, 192.0.2.1:2222, 2001:db8::1 or [2001:db8::1]:2222",
            "unknown key 'sites'; did you mean 'site'?");
    }

    [Fact]
    public void A_file_that_is_not_there_or_no_file_is_said_to_be_so()
    {
        Assert.Equal(ErrorCatalogue.InventoryInvalid, Assert.Throws<MaestroException>(() => InventoryReader.Load("/nowhere/fra.json")).Code);
        Assert.Equal(ErrorCatalogue.InventoryInvalid, Assert.Throws<MaestroException>(() => InventoryReader.Load(Path.GetTempPath())).Code);
    }

    [Fact]
    public void Whatever_the_file_holds_it_is_read_or_refused_with_a_place()
    {
        var whole = Least.Replace(" }", ", \"port\": 22, \"downlinks\": [ { \"interface\": \"e\" } ] }");
        string[] pieces = ["{", "}", "[", "]", "\"", ",", ":", "1", "null", "/*", "//", "\\", "'", " ", "\n", "\"id\":", "1e999", "-", "\u0000"];
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 12], Gen.Int[0, pieces.Length - 1]).Sample((at, length, piece) =>
        {
            var text = whole[..at] + pieces[piece] + whole[Math.Min(whole.Length, at + length)..];
            try
            {
                Parse(text);
            }
            catch (MaestroException fault)
            {
                return fault.Code == ErrorCatalogue.InventoryInvalid && System.Text.RegularExpressions.Regex.IsMatch(fault.Message, @"fra\.json:\d+:\d+: .");
            }

            return true;
        });
    }

    private static InventoryFile Parse(string text) => InventoryReader.Parse(text, "fra.json");

    private static string Refusal(string text)
    {
        var error = Assert.Throws<MaestroException>(() => Parse(text));
        Assert.Equal((ErrorCatalogue.InventoryInvalid, "fra.json"), (error.Code, error.Target));
        return error.Message;
    }

    /// <summary>Expects one fault at each mark of the text, in this order; where there is one mark only, others may lie at the same place.</summary>
    private static string Refuses(string marked, params string[] said)
    {
        var places = new List<string>();
        var lines = marked.Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            for (int mark; (mark = lines[line].IndexOf('¦')) >= 0; lines[line] = lines[line].Remove(mark, 1)) places.Add($"fra.json:{line + 1}:{mark + 1}: ");
        }

        Assert.Equal(said.Length, places.Count);
        var message = Refusal(string.Join('\n', lines));
        if (said.Length == 1) Assert.Contains(places[0] + said[0], message);
        else Assert.Equal($"{said.Length} faults: " + string.Join("; ", places.Zip(said, (p, s) => p + s)), message);
        return message;
    }
}
