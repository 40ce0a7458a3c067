using System.Diagnostics;
using System.Text.Json;
using Spindle.Models.Checkpoints;
using Spindle.Training.Optimization;
using static TorchSharp.torch;

namespace Spindle.Training.FineTuning;

/// <summary>A file that keeps where a training run stands: trained values, the optimizer's moments, the random numbers of dropout and the position among the batches. A run that was stopped
/// resumes from it and ends with the same bits as one that was not, on the same machine with the same number of threads.</summary>
/// <param name="path">The file. It is written beside and renamed.</param>
/// <param name="identity">What the result of the run depends on, such as a digest of its conditions. A file of another run is ignored.</param>
/// <param name="interval">The time between two writes.</param>
internal sealed class TrainingCheckpoint(string path, string identity, TimeSpan interval)
{
    private const string IdentityKey = "run";
    private const string PositionKey = "position";
    private const string RandomKey = "random";
    private const string AverageKey = "average";
    private const string BestName = "best";
    private const string SumName = "sum";

    // writing takes at most a twentieth of the time
    private const int LeastRestPerWrite = 20;

    private static readonly JsonSerializerOptions Json = new() { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private readonly Stopwatch sinceWritten = Stopwatch.StartNew();
    private AveragedValues? average;
    private TimeSpan lastWrite;

    /// <summary>Whether it is time to write the file again.</summary>
    public bool IsDue => sinceWritten.Elapsed >= interval && sinceWritten.Elapsed >= LeastRestPerWrite * lastWrite;

    /// <summary>Writes the state of a run.</summary>
    /// <param name="position">The position.</param>
    /// <param name="values">The trained values, <c>[count]</c>.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="best">The values of the best epoch, or null.</param>
    public void Write(TrainingPosition position, Tensor values, FlatAdamW optimizer, Tensor? best)
    {
        sinceWritten.Restart();
        using var scope = NewDisposeScope();
        (string, Tensor)[] tensors = [("values", values), .. optimizer.Moments, .. best is null ? Array.Empty<(string, Tensor)>() : [(BestName, best)], .. average is null ? Array.Empty<(string, Tensor)>() : [(SumName, average.Sum)]];
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
            {
                [IdentityKey] = identity,
                [PositionKey] = JsonSerializer.Serialize(position, Json),
                [RandomKey] = Convert.ToBase64String(Generator.Default.get_state().bytes),
                [AverageKey] = JsonSerializer.Serialize(average?.Finished, Json),
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // without room for it the training itself can still end
        }

        lastWrite = sinceWritten.Elapsed;
        sinceWritten.Restart();
    }

    /// <summary>Reads the sum and the facts of an average's finished runs, and writes them with every later checkpoint. Without them in the file, the average does not change.</summary>
    /// <param name="averaged">The average, which takes over the sum of the finished runs.</param>
    public void ReadAverage(AveragedValues averaged)
    {
        average = averaged;
        using var scope = NewDisposeScope();
        Try<object>(file =>
        {
            if (FinishedIn(file) is not { } finished) return null;
            var sum = file.Read(SumName);
            if (sum.shape.SequenceEqual(averaged.Sum.shape)) averaged.Resume(finished, sum);
            return null;
        });
    }

    /// <summary>Reads the state of the run into its objects.</summary>
    /// <param name="values">The trained values, which are overwritten.</param>
    /// <param name="optimizer">The optimizer, whose moments are overwritten.</param>
    /// <param name="best">Receives the values of the best epoch if there are any, in the caller's dispose scope.</param>
    /// <returns>The position; null if the file is missing, unreadable or of another run, which then starts from the beginning.</returns>
    public TrainingPosition? Read(Tensor values, FlatAdamW optimizer, out Tensor? best)
    {
        Tensor? kept = null;
        var found = Try(file =>
        {
            // a file may be of a run of the average that has finished since
            if (FinishedIn(file)?.Count != average?.Finished.Count) return null;
            var position = JsonSerializer.Deserialize<TrainingPosition>(file.Metadata[PositionKey], Json)!;
            var random = Convert.FromBase64String(file.Metadata[RandomKey]);
            // all is read before anything is changed
            (string Name, Tensor Value)[] targets = [("values", values), .. optimizer.Moments];
            (Tensor Target, Tensor Value)[] read = [.. targets.Select(target => (target.Value, file.Read(target.Name)))];
            if (read.Any(pair => !pair.Target.shape.SequenceEqual(pair.Value.shape))) return null;
            kept = file.Tensors.ContainsKey(BestName) ? file.Read(BestName) : null;
            using var noGrad = no_grad();
            foreach (var (target, value) in read) target.copy_(value);
            optimizer.Steps = position.Step;
            using var state = tensor(random);
            Generator.Default.set_state(state);
            return position;
        });
        best = found is null ? null : kept;
        return found;
    }

    private static FinishedRuns? FinishedIn(SafetensorsFile file) => JsonSerializer.Deserialize<FinishedRuns?>(file.Metadata[AverageKey], Json);

    // null where the file is missing, unreadable or of another run
    private T? Try<T>(Func<SafetensorsFile, T?> read)
        where T : class
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.Metadata.GetValueOrDefault(IdentityKey) == identity ? read(file) : null;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or JsonException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Deletes the file, once the run has ended.</summary>
    public void Delete()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // what is left is ignored by other runs
        }
    }
}

/// <summary>The position of a training run between two steps.</summary>
/// <param name="Epoch">The zero-based epoch.</param>
/// <param name="Batch">The batches of the epoch that are done.</param>
/// <param name="Step">The steps that are done.</param>
/// <param name="Examples">The rows trained on, counted once per epoch.</param>
/// <param name="LossSum">The sum of the epoch's losses, each times its rows.</param>
/// <param name="Epochs">The finished epochs.</param>
/// <param name="BestScore">The score of the best epoch, or null.</param>
/// <param name="Worse">The epochs since the best one.</param>
/// <param name="Seconds">The seconds that the training has taken, those of earlier processes included.</param>
internal sealed record TrainingPosition(int Epoch, int Batch, int Step, long Examples, double LossSum, IReadOnlyList<EpochResult> Epochs, double? BestScore, int Worse, double Seconds)
{
    /// <summary>The start of a run.</summary>
    public static TrainingPosition Start { get; } = new(0, 0, 0, 0, 0, [], null, 0, 0);
}
