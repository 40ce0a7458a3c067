using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spindle.Benchmarks.Recording.Table;

/// <summary>Recorded trials as JSON lines. It grows by a line for each finished trial, so a program that is killed at any moment loses only the trial that it was training.</summary>
internal static class LineFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the whole lines of a file. What a killed program left of its last line is not one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">A line is not a recorded trial.</exception>
    public static IReadOnlyList<RecordedTrial> Read(string path)
    {
        var trials = new List<RecordedTrial>();
        foreach (var (index, line) in Whole(File.ReadAllText(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            try
            {
                trials.Add(JsonSerializer.Deserialize<RecordedTrial>(line, Format)!);
            }
            catch (JsonException error)
            {
                throw new InvalidDataException($"{path}:{index + 1}: this is not a recorded trial ({error.Message.ReplaceLineEndings(" ")}); delete the line, and it is recorded again");
            }
        }

        return trials;
    }

    /// <summary>Appends a trial, after whatever a killed program left of its last line was cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trial">The trial.</param>
    public static void Append(string path, RecordedTrial trial)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var end = file.Length;
        while (end > 0 && !EndsLine(file, end)) end--;
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(trial, Format) + "\n"));
        file.Flush(flushToDisk: true);
    }

    private static string Whole(string text) => text[..(text.LastIndexOf('\n') + 1)];

    private static bool EndsLine(FileStream file, long end)
    {
        file.Seek(end - 1, SeekOrigin.Begin);
        return file.ReadByte() == '\n';
    }
}
