using System.Text;

namespace Maestro.Bench;

/// <summary>A policy of many rules, a different one each number.</summary>
internal static class Policies
{
    public static string Text(string table, int number, int rules, bool replaces)
    {
        var text = new StringBuilder();
        // What a hand-written file does to be loaded twice; Maestro replaces its own tables by itself.
        if (replaces) text.Append($"table inet {table} {{ }}\ndelete table inet {table}\n");
        text.Append($"table inet {table} {{\n  chain forward {{\n    type filter hook forward priority 0; policy accept;\n");
        for (var i = 0; i < rules; i++) text.Append($"    ip saddr 10.{i / 250}.{i % 250}.0/24 tcp dport {1024 + number} drop\n");
        return text.Append("  }\n}\n").ToString();
    }
}
