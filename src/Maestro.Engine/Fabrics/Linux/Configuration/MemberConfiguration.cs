using System.Globalization;
using System.Text;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>All that one member is to have: its items, the contents of its files, and what the host's own managers bring back by themselves.</summary>
internal sealed class MemberConfiguration
{
    private readonly SortedDictionary<string, ConfigurationItem> _items = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _contents = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _managed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _managers = new(StringComparer.Ordinal);

    /// <summary>In order of kind and key.</summary>
    public IReadOnlyList<ConfigurationItem> Items => [.. _items.Values];

    public void Add(ConfigurationItem item, Persistence persistence = Persistence.Maestro)
    {
        _items[item.Kind + "\t" + item.Key] = item;
        if (persistence != Persistence.Maestro) _managed.Add($"managed\t{item.Kind}\t{item.Key}");
    }

    public void AddFile(string path, string content, string owner, string group, string mode)
    {
        var hash = Fingerprint.Of(content);
        _contents[hash] = content;
        Add(ConfigurationItem.OfFile(path, hash, owner, group, mode));
    }

    /// <summary>A file of the host's own manager, by which it brings items back.</summary>
    public void AddManagerFile(Persistence manager, string path, string content)
    {
        _managers.Add($"manager\t{manager.ToString().ToLowerInvariant()}\t{path}");
        AddFile(path, content, "root", "root", "644");
    }

    /// <summary>What a file is to hold; null for one that is none of these.</summary>
    public string? FindText(string path) => _items.TryGetValue(ConfigurationItem.File + "\t" + path, out var item) && _contents.TryGetValue(item.Value.Split(' ')[0], out var text) ? text : null;

    /// <summary>What travels to the member: a line an item, then who manages what, then the contents in base 64.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var item in _items.Values) text.Append(item.Line).Append('\n');
        foreach (var line in _managed.Concat(_managers)) text.Append(line).Append('\n');
        foreach (var pair in _contents) text.Append("blob\t").Append(pair.Key).Append('\t').Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value))).Append('\n');
        return text.ToString();
    }

    public IReadOnlyList<ConfigurationValue> Values => [.. Items.Select(i => i.ToValue()).OrderBy(v => v.Item, StringComparer.Ordinal)];

    public override string ToString() => $"{_items.Count.ToString(CultureInfo.InvariantCulture)} items";
}
