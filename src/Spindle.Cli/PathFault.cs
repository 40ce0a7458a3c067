using System.Text.RegularExpressions;

namespace Spindle.Cli;

/// <summary>Says what is wrong with a path where .NET only repeats what the system said.</summary>
internal static partial class PathFault
{
    /// <summary>The fault with a remedy, or null if the message is not one of .NET's about a path.</summary>
    /// <param name="error">An error of reading or writing.</param>
    public static string? Of(Exception error)
    {
        if (!Told().IsMatch(error.Message) || Named().Match(error.Message) is not { Success: true } match) return null;
        var path = Part().Replace(match.Groups["path"].Value, "");
        var shown = Path.GetRelativePath(".", path) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above)) return $"{shown}: '{Path.GetFileName(above)}' is a file, not a folder; name another path";
            if (Directory.Exists(above)) break;
        }

        if (File.Exists(path) && error is not UnauthorizedAccessException) return $"{shown}: is a file; name a folder";
        if (Directory.Exists(path)) return $"{shown}: is a folder; name a file{(error is UnauthorizedAccessException ? ", or change its permissions" : "")}";
        if (error is FileNotFoundException or DirectoryNotFoundException) return $"{shown}: is not there and cannot be created; name another path";
        return $"{shown}: cannot be {(File.Exists(path) ? "read or written" : "created")}; name another path, or change its permissions";
    }

    // .NET's own messages, which it does not translate
    [GeneratedRegex("^(Could not find (a part of the path|file)|Access to the path|The file '.*' already exists|.* : ')")]
    private static partial Regex Told();

    // a file is written beside its place first
    [GeneratedRegex(@"\.[0-9a-f]{32}\.part$")]
    private static partial Regex Part();

    [GeneratedRegex("'(?<path>/[^']*|[A-Za-z]:[^']*)'")]
    private static partial Regex Named();
}
