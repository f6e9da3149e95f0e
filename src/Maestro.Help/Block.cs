namespace Maestro.Help;

/// <summary>A piece of a page, with the line that it begins on.</summary>
internal abstract record Block(int Line);

internal sealed record Heading(int Line, int Level, string Text) : Block(Line);

/// <summary>A paragraph as plain text; the lines of its source are one line here.</summary>
internal sealed record Paragraph(int Line, string Text) : Block(Line);

internal sealed record ListItem(int Line, string Text) : Block(Line);

/// <summary>A fenced block; <paramref name="Info"/> is what stands behind the fence.</summary>
internal sealed record Code(int Line, string Info, string Text) : Block(Line);

internal sealed record TableRows(int Line, IReadOnlyList<IReadOnlyList<string>> Rows) : Block(Line);
