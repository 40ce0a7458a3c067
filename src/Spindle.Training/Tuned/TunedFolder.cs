using System.Text.Json;
using System.Text.Json.Serialization;
using Spindle.Designs;
using Spindle.Models;
using Spindle.Models.Checkpoints;
using Spindle.Yaml;

namespace Spindle.Training.Tuned;

/// <summary>A tuned model on disk: <c>tuned.json</c> describes the model, <c>tuned.safetensors</c> holds the trained tensors, <c>design.yaml</c> is the design, and <c>README.md</c> is the model card.</summary>
public static class TunedFolder
{
    private const string RecordFile = "tuned.json";
    private const string WeightsFile = "tuned.safetensors";
    private const string DesignFile = "design.yaml";
    private const long LargestRecord = 10_000_000;

    /// <summary>The folder of the winner's models in the folder that a search wrote.</summary>
    public const string Best = "best";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes a tuned model. The record is written last, so that a folder with a record is complete.</summary>
    /// <param name="folder">The folder. It is created if it does not exist.</param>
    /// <param name="record">The description of the model.</param>
    /// <param name="model">The model with its weights.</param>
    /// <param name="design">The design, or null if every weight was trained.</param>
    public static void Write(string folder, TunedRecord record, TunedModel model, Design? design)
    {
        Directory.CreateDirectory(folder);
        model.Save(WeightsPath(folder));
        if (design is not null) AtomicFile.WriteText(DesignPath(folder), DesignYaml.Write(design));
        else File.Delete(DesignPath(folder));
        ModelCard.Put(folder, ModelCard.Write(record, ExportFormat.Spindle));
        AtomicFile.WriteText(RecordPath(folder), Text(record) + "\n");
    }

    /// <summary>A record as its file has it.</summary>
    internal static string Text(TunedRecord record) => JsonSerializer.Serialize(record, Json);

    /// <summary>Checks that a tuned model can be written, before it is trained. Nothing stays on the disk.</summary>
    /// <param name="folder">The folder. It and the folders above it may be missing.</param>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    /// <exception cref="IOException">There is a file in the folder's place, or the disk cannot be written.</exception>
    public static void RequireWritable(string folder)
    {
        var missing = new List<string>();
        for (var above = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); above is not null && !Directory.Exists(above); above = Path.GetDirectoryName(above)) missing.Add(above);
        Directory.CreateDirectory(folder);
        new FileStream(Path.Combine(folder, $"{Guid.NewGuid():N}.part"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
        foreach (var made in missing.TakeWhile(made => !Directory.EnumerateFileSystemEntries(made).Any())) Directory.Delete(made);
    }

    /// <summary>Reads the record of a tuned model.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is not a tuned folder.</exception>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public static TunedRecord Read(string folder)
    {
        var path = RecordPath(folder);
        if (!File.Exists(path))
            throw new DirectoryNotFoundException($"{folder}: has no {RecordFile}; name a folder that a training run or a search wrote");
        try
        {
            if (new FileInfo(path).Length > LargestRecord) throw new InvalidDataException($"{path}: is too large to be the record of a tuned model");
            var record = JsonSerializer.Deserialize<TunedRecord>(File.ReadAllBytes(path), Json)
                ?? throw new InvalidDataException($"{path}: is empty");
            return record.Fault() is { } fault ? throw Damaged(path, fault) : record;
        }
        catch (JsonException error)
        {
            throw Damaged($"{path}:{(error.LineNumber ?? 0) + 1}", JsonFault.Of(error));
        }
    }

    /// <summary>The folder of one tuned model: the folder itself; in a search's folder, the winner's; in the folder of one side of a search, the model of its only task.</summary>
    /// <param name="folder">A tuned model's folder, a search's, or that of one of its sides (<c>best</c>).</param>
    /// <exception cref="InvalidDataException">It is a search's folder with models of several tasks; the message names them.</exception>
    public static string Resolve(string folder)
    {
        if (Exists(folder) || !Directory.Exists(folder)) return folder;
        var best = Path.Combine(folder, Best);
        string[] models = [.. Directory.EnumerateDirectories(Directory.Exists(best) ? best : folder).Where(Exists).Order(StringComparer.Ordinal)];
        return models.Length switch
        {
            0 => folder,
            1 => models[0],
            _ => throw new InvalidDataException($"{folder}: holds models of several tasks; name one of {string.Join(", ", models)}"),
        };
    }

    /// <summary>Whether a folder holds a tuned model.</summary>
    public static bool Exists(string folder) => File.Exists(RecordPath(folder));

    /// <summary>The path of a tuned model's record.</summary>
    public static string RecordPath(string folder) => Path.Combine(folder, RecordFile);

    /// <summary>The path of a tuned model's weights.</summary>
    public static string WeightsPath(string folder) => Path.Combine(folder, WeightsFile);

    /// <summary>The path of a tuned model's design.</summary>
    public static string DesignPath(string folder) => Path.Combine(folder, DesignFile);

    private static InvalidDataException Damaged(string where, string why) => new($"{where}: is not the record of a tuned model: {why}");
}
