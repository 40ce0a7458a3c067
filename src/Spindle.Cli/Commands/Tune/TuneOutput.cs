using Spindle.Models.Checkpoints;
using Spindle.Search.Results;
using Spindle.Search.Trials;
using Spindle.Studies;

namespace Spindle.Cli.Commands.Tune;

/// <summary>The folder that a run of <c>spindle tune</c> writes: the models, the study, the store and the reports.</summary>
/// <param name="path">The path of the folder.</param>
internal sealed class TuneOutput(string path)
{
    /// <summary>The study that was run.</summary>
    public string Study => Path.Combine(path, "study.yaml");

    /// <summary>Every trial.</summary>
    public string Store => Path.Combine(path, "study.db");

    /// <summary>The report to read in a browser.</summary>
    public string HtmlReport => Path.Combine(path, "report.html");

    private string MarkdownReport => Path.Combine(path, "report.md");

    private string JsonReport => Path.Combine(path, "report.json");

    /// <summary>Checks that a run may write here: the folder is new, or belongs to the same study, which may continue with more time.</summary>
    /// <param name="study">The study, with paths as the folder sees them.</param>
    /// <param name="planned">The study with paths as the current folder sees them, which an older version wrote.</param>
    /// <param name="overwrite">Whether another run in the folder may be replaced.</param>
    /// <returns>Whether what is there is to be replaced.</returns>
    /// <exception cref="InvalidDataException">The folder holds something else.</exception>
    public bool Claim(Study study, Study planned, bool overwrite)
    {
        var isRun = File.Exists(Study);
        if (!isRun && !SearchFolder.IsOwned(path))
        {
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()) throw new InvalidDataException($"{path}: holds other files; name another folder with --output");
            return false;
        }

        if (overwrite) return true;
        if (!isRun) throw new InvalidDataException($"{path}: holds the models of a search; name another folder with --output, or replace them with --overwrite");
        if (Studies.Study.Read(Study) is var there && !IsSame(there, study) && !IsSame(there, planned))
            throw new InvalidDataException($"{path}: holds a run with other settings; name another folder with --output, or replace it with --overwrite");
        return false;

        static bool IsSame(Study there, Study here) => there == here with { Search = here.Search with { Limit = there.Search.Limit }, Training = here.Training with { Device = there.Training.Device } };
    }

    /// <summary>Deletes what an earlier run wrote, and no file of the user.</summary>
    public void Clear()
    {
        SearchFolder.Clear(path);
        foreach (var file in (string[])[Study, Store, Store + "-wal", Store + "-shm", JsonReport, HtmlReport, MarkdownReport]) File.Delete(file);
        // of 'spindle search' on the study
        var page = Path.ChangeExtension(Store, ".report.html");
        if (File.Exists(page) && Reports.Html.HtmlReport.IsOne(page)) File.Delete(page);
    }

    /// <summary>Writes the reports on a result, or on the best so far.</summary>
    /// <param name="result">The result.</param>
    /// <param name="trials">The trials of its store.</param>
    /// <param name="losses">The curve of a trial's training loss by the trial's number.</param>
    public void WriteReports(StudyResult result, IReadOnlyCollection<Trial> trials, Func<long, IReadOnlyList<LossPoint>> losses)
    {
        AtomicFile.WriteText(HtmlReport, Reports.Html.HtmlReport.Write(result, trials, losses));
        AtomicFile.WriteText(JsonReport, Reports.JsonReport.Write(result));
        AtomicFile.WriteText(MarkdownReport, Reports.MarkdownReport.Write(result));
    }
}
