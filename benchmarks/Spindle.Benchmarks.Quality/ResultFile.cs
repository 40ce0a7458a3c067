using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spindle.Benchmarks.Quality;

/// <summary>Results as JSON lines. A measurement that was interrupted leaves no line.</summary>
internal sealed class ResultFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<Measurement> measured = [];

    /// <summary>Reads the lines that are there.</summary>
    /// <param name="name">The file.</param>
    public ResultFile(string name)
    {
        Name = name;
        if (!File.Exists(name)) return;
        foreach (var line in File.ReadLines(name)) measured.Add(JsonSerializer.Deserialize<Line>(line, Format)!.Measurement);
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>Whether the file has this measurement.</summary>
    public bool Holds(Measurement measurement) => measured.Contains(measurement);

    /// <summary>Appends a line.</summary>
    public void Add(Measurement measurement, Result result)
    {
        measured.Add(measurement);
        File.AppendAllText(Name, JsonSerializer.Serialize(new Line(measurement, result), Format) + "\n");
    }

    private sealed record Line(Measurement Measurement, Result Result);
}
