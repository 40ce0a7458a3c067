using System.Security.Cryptography;
using System.Text;
using Spindle.Search.Trials;

namespace Spindle.Reports.Runs;

/// <summary>Files of runs in a folder that may hold others.</summary>
internal static class RunFiles
{
    private const int LongestName = 80;

    /// <summary>A text as the name of a file or a folder: letters, digits and a few marks stay.</summary>
    public static string Name(string text)
    {
        var name = string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '+' ? letter : '-')).Trim('-', '.');
        return name.Length == 0 ? "run" : name[..Math.Min(name.Length, LongestName)];
    }

    /// <summary>Six hexadecimal digits that tell apart searches of the same study: other stores have others, and a search that is continued keeps its own.</summary>
    /// <param name="trials">All trials of the store.</param>
    public static string Search(IEnumerable<Trial> trials) => trials.MinBy(trial => trial.Id) is { } first
        ? Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(first.Added.UtcTicks)))[..6]
        : "";

    /// <summary>Refuses a place where there is a file.</summary>
    /// <exception cref="InvalidDataException">There is a file.</exception>
    public static void RequireFolder(string path)
    {
        if (File.Exists(path)) throw new InvalidDataException($"{path}: is a file; name a folder");
    }

    /// <summary>Writes a file whose folder need not exist. A reader sees the old file or the new one, never a part.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var part = path + ".part";
        File.WriteAllBytes(part, content);
        File.Move(part, path, overwrite: true);
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte})"/>
    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));
}
