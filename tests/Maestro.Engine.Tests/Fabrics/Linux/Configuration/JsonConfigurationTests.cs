using System.Text;
using Maestro.Engine.Fabrics.Linux.Configuration;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Tests.Fabrics.Linux.Configuration;

/// <summary>What a configuration says, and every fault of one at the place where its author wrote it.</summary>
public sealed class JsonConfigurationTests
{
    private const string Whole = """
        // everything
        {
          "version": 1,
          "hostname": "gw",
          "files": {
            "motd": { "path": "/etc/motd", "content": "hello\n" },
            "key": { "path": "/etc/key", "source": "key.txt", "owner": "nobody", "group": "daemon", "mode": "0640" }
          },
          "sysctl": { "net.ipv4.ip_forward": 1, "net.ipv4.tcp_rmem": "4096\t131072  6291456", "net.ipv4.conf.eth1/100.rp_filter": 2 },
          "addresses": { "in": { "device": "eth1", "address": "192.0.2.1/24" }, "six": { "device": "eth1", "address": "2001:DB8:0::1/64" } },
          "routes": {
            "all": { "destination": "default", "via": "192.0.2.254", "device": "eth1" },
            "host": { "destination": "198.51.100.7/32", "device": "eth1", "metric": 50 },
            "six": { "destination": "2001:db8:1::/48", "via": "2001:db8::2", "device": "eth1" }
          },
          "members": {
            "1_02": { "hostname": "gw2", "addresses": { "in": { "address": "192.0.2.2/24" } }, "files": { "key": null }, "sysctl": { "net.ipv4.ip_forward": null } }
          }
        }
        """;

    [Fact]
    public void A_member_has_what_is_said_of_all_and_what_is_said_of_it_alone_goes_before()
    {
        var content = Read(Whole);
        Assert.Equal(["address eth1 192.0.2.1/24: present", "address eth1 2001:db8::1/64: present"], Lines(content, "1_1").Where(l => l.StartsWith("address", StringComparison.Ordinal)));
        Assert.Contains("hostname: gw", Lines(content, "1_1"));
        Assert.Contains("sysctl net.ipv4.tcp_rmem: 4096 131072 6291456", Lines(content, "1_1"));
        Assert.Contains("sysctl net.ipv4.conf.eth1/100.rp_filter: 2", Lines(content, "1_1"));
        Assert.Contains("route default: via 192.0.2.254 dev eth1 proto static", Lines(content, "1_1"));
        Assert.Contains("route 198.51.100.7 metric 50: dev eth1 proto static scope link", Lines(content, "1_1"));
        Assert.Contains("route 2001:db8:1::/48: via 2001:db8::2 dev eth1 proto static", Lines(content, "1_1"));
        Assert.Single(Lines(content, "1_1"), l => l.StartsWith("file /etc/key: 640 nobody:daemon ", StringComparison.Ordinal));

        var other = Lines(content, "1_2");
        Assert.Contains("hostname: gw2", other);
        Assert.Contains("address eth1 192.0.2.2/24: present", other);
        Assert.DoesNotContain("address eth1 192.0.2.1/24: present", other);
        Assert.DoesNotContain(other, l => l.StartsWith("file /etc/key", StringComparison.Ordinal) || l.StartsWith("sysctl net.ipv4.ip_forward", StringComparison.Ordinal));
        Assert.Equal(["1_2"], ConfigurationContent.Members(content));
    }

    [Fact]
    public void Comments_spelling_and_the_order_of_keys_make_no_other_configuration_and_a_value_does()
    {
        var one = Read("""{ "version": 1, "sysctl": { "net.ipv4.ip_forward": 1, "net.core.somaxconn": "64" }, "addresses": { "a": { "device": "eth1", "address": "2001:db8::1/64" } } }""");
        Assert.Equal(one, Read("""{ /* why */ "addresses": { "a": { "address": "2001:0DB8::0001/64", "persist": "maestro", "device": "eth1" } }, "sysctl": { "net.core.somaxconn": 64, "net.ipv4.ip_forward": " 1 " }, "files": {}, "version": 1 }"""));
        Assert.NotEqual(one, Read(one.Replace("\"64\"", "\"65\"", StringComparison.Ordinal)));
        Assert.Equal(one, Read(one));
        Assert.Equal(Read(Whole), Read(Read(Whole)));
    }

    [Fact]
    public void What_the_hosts_own_manager_brings_back_is_written_into_its_file_and_marked()
    {
        var content = Read("""
            { "version": 1,
              "addresses": { "a": { "device": "eth1", "address": "192.0.2.1/24", "persist": "ifupdown" }, "b": { "device": "eth2", "address": "2001:db8::1/64", "persist": "networkd" } },
              "routes": { "r": { "destination": "198.51.100.0/24", "via": "192.0.2.254", "device": "eth1", "persist": "ifupdown" } } }
            """);
        var text = ConfigurationContent.Of(content, "1_1").ToText();
        Assert.Contains("managed\taddress\teth1 192.0.2.1/24\n", text, StringComparison.Ordinal);
        Assert.Contains("managed\troute\t4 198.51.100.0/24 0\n", text, StringComparison.Ordinal);
        Assert.Contains("manager\tifupdown\t/etc/network/interfaces.d/maestro\n", text, StringComparison.Ordinal);
        Assert.Contains("manager\tnetworkd\t/etc/systemd/network/10-maestro-eth2.network\n", text, StringComparison.Ordinal);
        var files = text.Split('\n').Where(l => l.StartsWith("blob\t", StringComparison.Ordinal)).Select(l => Encoding.UTF8.GetString(Convert.FromBase64String(l.Split('\t')[2]))).ToList();
        Assert.Contains(files, f => f.Contains("iface eth1 inet manual\n    up ip -4 addr replace 192.0.2.1/24 dev eth1\n", StringComparison.Ordinal) && f.Contains("up ip -4 route replace 198.51.100.0/24 via 192.0.2.254 dev eth1 proto static\n", StringComparison.Ordinal));
        Assert.Contains(files, f => f.Contains("Name=eth2\n", StringComparison.Ordinal) && f.Contains("Address=2001:db8::1/64\n", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "{", "c.json:1:1: " },
        { "{ \"version\": 2 }", "c.json:1:14: this Maestro reads version 1" },
        { "{ }", "c.json:1:1: 'version' is missing" },
        { "{ \"version\": 1,\n  \"sysctls\": {} }", "c.json:2:3: unknown key 'sysctls'; did you mean 'sysctl'?" },
        { "{ \"version\": 1, \"sysctl\": [] }", "c.json:1:27: 'sysctl' must be an object of names" },
        { "{ \"version\": 1, \"hostname\": \"a b\" }", "c.json:1:29: 'a b' is no host name" },
        { "{ \"version\": 1, \"hostname\": null }", "'hostname' must be text" },
        { "{ \"version\": 1, \"sysctl\": { \"forward\": 1 } }", "c.json:1:29: 'forward' is no key of sysctl" },
        { "{ \"version\": 1, \"sysctl\": { \"kernel.hostname\": \"x\" } }", "the key 'hostname' says that" },
        { "{ \"version\": 1, \"sysctl\": { \"net.a\": [1] } }", "c.json:1:38: the value of 'net.a' must be" },
        { File("\"path\": \"etc/motd\", \"content\": \"\""), "'etc/motd' is no absolute path" },
        { File("\"path\": \"/etc/../motd\", \"content\": \"\""), "without '.' and '..'" },
        { File("\"path\": \"/proc/sys/x\", \"content\": \"\""), "nothing below /proc is a file" },
        { File("\"path\": \"/var/lib/maestro/epoch\", \"content\": \"\""), "nothing below /var/lib/maestro" },
        { File("\"content\": \"\""), "'path' is missing" },
        { File("\"path\": \"/etc/motd\""), "'content' or 'source' is missing" },
        { File("\"path\": \"/etc/motd\", \"content\": \"\", \"source\": \"key.txt\""), "exclude each other" },
        { File("\"path\": \"/etc/motd\", \"source\": \"none.txt\""), "none.txt cannot be read" },
        { File("\"path\": \"/etc/motd\", \"content\": \"\", \"mode\": \"rw\""), "'rw' is no mode" },
        { File("\"path\": \"/etc/motd\", \"content\": \"\", \"owner\": \"0\""), "'0' is no name of an account" },
        { File("\"path\": \"/etc/motd\", \"content\": \"\", \"ownr\": \"root\""), "unknown key 'ownr'; did you mean 'owner'?" },
        { "{ \"version\": 1, \"files\": { \"a b\": { \"path\": \"/x\", \"content\": \"\" } } }", "'a b' is no name" },
        { "{ \"version\": 1, \"files\": { \"a\": { \"path\": \"/x\", \"content\": \"\" }, \"b\": { \"path\": \"/x\", \"content\": \"\" } } }", "'b' and 'a' are both the file /x" },
        { Address("\"device\": \"eth1\", \"address\": \"192.0.2.1\""), "no address with a prefix length" },
        { Address("\"device\": \"averylongdevicename\", \"address\": \"192.0.2.1/24\""), "at most 15 characters" },
        { Address("\"address\": \"192.0.2.1/24\""), "'device' is missing" },
        { Address("\"device\": \"eth1\", \"address\": \"192.0.2.1/24\", \"persist\": \"nm\""), "'persist' may be maestro, ifupdown, networkd" },
        { Route("\"destination\": \"192.0.2.1/24\", \"device\": \"eth1\""), "is an address in a network" },
        { Route("\"destination\": \"there\", \"device\": \"eth1\""), "'there' is no destination" },
        { Route("\"destination\": \"192.0.2.0/24\""), "'device' is missing" },
        { Route("\"destination\": \"192.0.2.0/24\", \"device\": \"eth1\", \"metric\": 0"), "'metric' must be a whole number" },
        { Route("\"destination\": \"192.0.2.0/24\", \"device\": \"eth1\", \"via\": \"gw\""), "'gw' is no address of a next hop" },
        { Route("\"destination\": \"192.0.2.0/24\", \"device\": \"eth1\", \"via\": \"2001:db8::1\""), "another address family" },
        { "{ \"version\": 1,\n \"members\": { \"first\": {} } }", "c.json:2:15: 'first' is no member" },
        { "{ \"version\": 1,\n \"members\": { \"1_1\": { \"hostnam\": \"x\" } } }", "c.json:2:24: unknown key 'hostnam'; did you mean 'hostname'?" },
        { "{ \"version\": 1, \"members\": { \"1_1\": {}, \"1_01\": {} } }", "member 1_1 stands here twice" },
        { "{ \"version\": 1, \"members\": { \"1_1\": { \"addresses\": { \"a\": { \"device\": \"eth1\" } } } } }", "'address' is missing" },
        { "{ \"version\": 1, \"routes\": { \"r\": { \"destination\": \"default\", \"via\": \"192.0.2.1\", \"device\": \"eth1\" } }, \"members\": { \"1_1\": { \"routes\": { \"s\": { \"destination\": \"default\", \"via\": \"192.0.2.9\", \"device\": \"eth1\" } } } } }", "member 1_1: 's' and 'r' are both the route default" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_where_it_stands(string text, string said)
    {
        var fault = Assert.Throws<MaestroException>(() => Read(text));
        Assert.Equal(ErrorCatalogue.ConfigurationInvalid, fault.Code);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
    {
        var fault = Assert.Throws<MaestroException>(() => Read("{ \"version\": 1,\n \"sysctl\": { \"x\": 1 },\n \"hostname\": \"-\" }"));
        Assert.StartsWith("2 faults: c.json:2:14: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("; c.json:3:14: ", fault.Message, StringComparison.Ordinal);
    }

    private static string File(string item) => $"{{ \"version\": 1, \"files\": {{ \"f\": {{ {item} }} }} }}";

    private static string Address(string item) => $"{{ \"version\": 1, \"addresses\": {{ \"a\": {{ {item} }} }} }}";

    private static string Route(string item) => $"{{ \"version\": 1, \"routes\": {{ \"r\": {{ {item} }} }} }}";

    private static string Read(string text) => JsonConfiguration.Canonical(text, "c.json", name => name == "key.txt" ? "secret\n" : throw new FileNotFoundException("it is not there"));

    private static IEnumerable<string> Lines(string content, string member) => ConfigurationContent.Of(content, member).Values.Select(v => $"{v.Item}: {v.Value}");
}
