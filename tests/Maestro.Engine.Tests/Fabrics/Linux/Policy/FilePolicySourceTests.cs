using System.Text;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

public sealed class FilePolicySourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maestro-policy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_its_fragments_in_ordinal_order()
    {
        Write("20-b.nft", "table b");
        Write("10-a.nft", "table a");
        Write("B-c.nft", "table c");
        Write(".hidden.nft", "table hidden");
        Write("notes.txt", "no policy");

        Assert.Equal("table ip a\ntable ip b\ntable ip c\n", Load(_folder).Text);
    }

    [Fact]
    public void An_include_is_looked_for_beside_the_including_file()
    {
        Write("main.nft", "include \"sub/one.nft\"\n");
        Write("sub/one.nft", "include \"two.nft\"\ninclude \"../three.nft\"\n");
        Write("sub/two.nft", "table two\n");
        Write("three.nft", "table three\n");

        Assert.Equal("table ip two\ntable ip three\n", Load(Path.Combine(_folder, "main.nft")).Text);
    }

    [Fact]
    public void Wildcards_match_as_the_shell_does_and_no_hidden_file()
    {
        foreach (var name in (string[])["b1.nft", "b2.nft", "a1.nft", ".b3.nft", "c1.txt"]) Write("d1/" + name, $"table {name[..2].Trim('.')}x{name.Length}\n");
        Write("d2/b9.nft", "table second\n");
        Write("main.nft", "include \"d*/[ab]?.nft\"\ninclude \"none/*.nft\"\n");
        Write("absolute.nft", $"include \"{_folder}/d2/*\"\n");

        Assert.Equal(["ip a1x6", "ip b1x6", "ip b2x6", "ip second"], Load(Path.Combine(_folder, "main.nft")).Tables.Select(t => t.ToString()));
        Assert.Equal(["ip second"], Load(Path.Combine(_folder, "absolute.nft")).Tables.Select(t => t.ToString()));
    }

    [Fact]
    public void A_byte_order_mark_and_foreign_line_ends_do_not_matter()
    {
        File.WriteAllText(Path.Combine(_folder, "a.nft"), "table t {\r\n\tchain c {\r\n\t\ttcp dport 1 \\\r\n\t\taccept\r\n\t}\r\n}\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("table ip t {\n\tchain c {\n\t\ttcp dport 1 accept\n\t}\n}\n", Load(Path.Combine(_folder, "a.nft")).Text);
    }

    [Fact]
    public void What_cannot_be_read_is_told_where_it_is_included()
    {
        File.WriteAllBytes(Path.Combine(_folder, "latin.nft"), [.. "table t # "u8, 0xE9, (byte)'\n']);
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        Write("main.nft", "table t\ninclude \"latin.nft\"\n  include \"folder\"\n");

        var faults = Assert.Throws<PolicyInvalidException>(() => Load(Path.Combine(_folder, "main.nft"))).Problems;

        Assert.Equal([(2, 1, "\"latin.nft\" is not UTF-8 text"), (3, 3, "\"folder\" cannot be read: it is a folder; name its files, as in \"folder/*.nft\"")], faults.Select(f => (f.Line, f.Column, f.Text)));
    }

    [Theory]
    [InlineData("absent.nft")]
    [InlineData("")]
    public void A_path_without_a_policy_is_PolicyNotFound(string name) =>
        Assert.Equal(ErrorCatalogue.PolicyNotFound, Assert.Throws<MaestroException>(() => Load(Path.Combine(_folder, name))).Code);

    private static NftPolicy Load(string path) => NftPolicyLoader.Load(path, new FilePolicySource());

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
