namespace Maestro.Help;

/// <summary>A page is not laid out as it must be.</summary>
internal sealed class PageException(string path, int line, string what) : Exception($"{path}({line}): error HELP: {what}");
