using System.Globalization;
using System.Text;
using Spindle.Reports.Runs;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Search.Trials;

namespace Spindle.Reports.TensorBoard;

/// <summary>Writes the finished trials of a search for TensorBoard: a run for each, with its scores by epoch as scalars (<c>eval/score</c>), its training loss (<c>train/loss</c>), its metrics, and what was trained as hyperparameters and as a text.</summary>
public static class TensorBoardFolder
{
    /// <summary>Writes the runs. A run that is already there is replaced.</summary>
    /// <param name="folder">The folder that TensorBoard is given with <c>--logdir</c>. A run is in <c>STUDY-SEARCH/STAGE/TRIAL</c> of it; other stores of the study have another SEARCH.</param>
    /// <param name="result">The result of the search.</param>
    /// <param name="trials">The trials of its store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number (<see cref="ITrialStore.Losses"/>), or null to leave it out.</param>
    /// <returns>The number of runs.</returns>
    /// <exception cref="InvalidDataException">There is a file in the place of the folder.</exception>
    public static int Write(string folder, StudyResult result, IReadOnlyCollection<Trial> trials, Func<long, IReadOnlyList<LossPoint>>? losses = null)
    {
        Require(folder);
        var search = Path.Combine(folder, $"{RunFiles.Name(result.Study.Name)}-{RunFiles.Search(trials)}");
        var count = 0;
        foreach (var run in TrialRun.Of(trials, losses))
        {
            var name = RunFiles.Name(string.Create(CultureInfo.InvariantCulture, $"{run.Id:D4}-{run.Name}"));
            // TensorBoard reads every file whose name has 'tfevents'; the same name again for a trial that ran again
            RunFiles.Write(Path.Combine(search, RunFiles.Name(run.Stage), name, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{run.Id:D10}.spindle")), Events(run));
            count++;
        }

        return count;
    }

    /// <summary>Refuses a folder that <see cref="Write"/> would refuse.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void Require(string folder) => RunFiles.RequireFolder(folder);

    private static byte[] Events(TrialRun run)
    {
        using var file = new MemoryStream();
        RecordFile.Append(file, EventMessages.Version(run.Started));
        RecordFile.Append(file, EventMessages.RunStarts(run.Started, run.Parameters));
        RecordFile.Append(file, EventMessages.Markdown(run.Started, "args/text_summary", Table(run.Parameters)));
        foreach (var point in run.Points.Where(point => double.IsFinite(point.Value)))
            RecordFile.Append(file, EventMessages.Scalar(point.Time, point.Step, (point.IsTraining ? "train/" : "eval/") + point.Name, point.Value));
        RecordFile.Append(file, EventMessages.RunEnds(run.Ended, run.IsCompleted));
        return file.ToArray();
    }

    private static string Table(IReadOnlyDictionary<string, string> parameters)
    {
        var table = new StringBuilder("| parameter | value |\n| --- | --- |\n");
        foreach (var (name, value) in parameters) table.Append(CultureInfo.InvariantCulture, $"| {name} | {value.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return table.ToString();
    }
}
