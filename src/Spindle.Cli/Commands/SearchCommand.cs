using System.CommandLine;
using System.Diagnostics;
using Spindle.Cli.Terminal;
using Spindle.Models.Checkpoints;
using Spindle.Models.Devices;
using Spindle.Reports;
using Spindle.Reports.Html;
using Spindle.Search;
using Spindle.Search.Execution;
using Spindle.Search.Policies;
using Spindle.Search.Results;
using Spindle.Search.Storage;
using Spindle.Studies;

namespace Spindle.Cli.Commands;

/// <summary><c>spindle search</c>: runs or resumes a study.</summary>
internal static class SearchCommand
{
    public static Command Create()
    {
        var study = new Argument<string>("study") { Description = "The study file (YAML)." };
        var store = new Option<string?>("--store") { Description = "Where every trial is stored: a file, or a PostgreSQL database as postgres://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME. By default a file next to the study file, with the extension .db." };
        var workers = WorkersOption.Create(" With 0, the search runs none itself and waits for those that 'spindle worker' starts.");
        var tuned = new Option<string?>("--tuned") { Description = "The folder for the tuned weights. By default next to the store, with the extension .tuned; next to the study file where the store is a database." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replaces the models of another study in the folder for the tuned weights." };
        var time = new Option<string?>("--time") { Description = "A limit on the time for training, such as 20m or 1h30m, instead of the study's; needs 'policy: joint'." };
        var from = new Option<string[]>("--from") { Description = "The store of an earlier search on other tasks or another backbone, whose scores this one starts from, besides those that the study names; can be given several times. Needs 'policy: joint'." };
        var device = DeviceOption.Create("the study's by default. Several GPUs share the workers");
        var yes = new Option<bool>("--yes") { Description = "Runs a search that takes longer than a day without asking." };
        var dashboard = new Option<bool>("--dashboard") { Description = "Shows the search in the browser while it runs: prints the address, and opens it where the machine has a desktop and the output is not redirected; 'spindle dashboard' shows it from another process." };
        var command = new Command("search",
            "Searches for the best design of a study, stage by stage, and compares it with the baselines. The study's 'policy' says how: " + string.Join(", ", SearchPolicies.Names) + ". To resume an interrupted search, run the same command again.\n\n"
            + "Examples:\n  spindle search studies/quickstart.yaml --workers 2\n  spindle search studies/quickstart.yaml --time 3m\n  spindle search studies/quickstart.yaml --from earlier.db")
        {
            study, store, workers, tuned, overwrite, time, from, device, yes, dashboard,
        };
        var output = OutputOptions.ForSearch(command);
        command.SetAction((parsed, stop) => Task.FromResult(Run(
            parsed.GetRequiredValue(study), parsed.GetValue(store), WorkersOption.Read(parsed, workers, least: 0), parsed.GetValue(tuned), parsed.GetValue(overwrite), parsed.GetValue(time), parsed.GetValue(from) ?? [], DeviceOption.Read(parsed, device), parsed.GetValue(yes), parsed.GetValue(dashboard), output.Read(parsed), stop)));
        return command;
    }

    internal static int Run(string studyFile, string? storeFile, int? workers, string? tunedFolder, bool overwrite, string? time, IReadOnlyList<string> from, DeviceChoice? device, bool yes, bool showsDashboard, CommandOutput output, CancellationToken stop)
    {
        var study = Started(Limited(Study.Read(studyFile), studyFile, time), studyFile, from);
        var resume = CommandText.Of(["spindle", "search", studyFile, .. Option("--store", storeFile is null ? null : TrialStores.NameOf(storeFile)), .. Option("--tuned", tunedFolder), .. Option("--time", time), .. from.SelectMany(earlier => Option("--from", earlier)), .. Option("--device", device?.ToString())]);
        storeFile ??= Path.ChangeExtension(studyFile, ".db");
        var (storeName, beside) = (TrialStores.NameOf(storeFile), TrialStores.IsFile(storeFile) ? storeFile : studyFile);
        tunedFolder ??= Path.ChangeExtension(beside, ".tuned");
        StudySearchOptions options = new() { Store = storeFile, TunedFolder = tunedFolder, Overwrite = overwrite, Workers = workers, Device = device, WorkerProgram = WorkerCommand.StartInfo, Command = CommandText.Own };
        using var search = Preparation.Run(() => Prepare(study, options), stop);
        output.Warn(search.Warnings);
        output.Event("start", () => SearchEvents.Start(search, study.Name, storeName, tunedFolder));
        var problem = search.Problem;
        output.Say($"study {study.Name}: {problem.Shape.Name}, {problem.Shape.Parameters:N0} parameters, budget {problem.Budget:N0}, "
            + $"{problem.Tasks.Count} tasks, {problem.Space.Size} designs, {search.Workers switch { 0 => "the workers that others start", 1 => "1 worker", var several => $"{several} workers" }}{(search.Devices.Any(where => where.Kind == DeviceKind.Cuda) ? $" on {string.Join(", ", search.Devices.Distinct())}" : "")}, at most {search.MaximumTrials:N0} trials{(search.MaximumExamples is { } examples ? $" and {examples:N0} rows to train on" : "")}");
        foreach (var earlier in problem.Earlier) output.Say(EarlierText.Sentence(earlier));
        if (search.Outlook is { } outlook) output.Say(outlook);
        foreach (var task in problem.Tasks.Where(task => task.Cut is not null)) output.Say($"{task.Name}: {task.Cut}");
        if (search.ExtraTime > TimeSpan.Zero && study.Search.Limit.Time is not null) output.Say($"the limit in time is {problem.Study.Search.Limit}, because a dashboard added {DurationText.Format(search.ExtraTime)} to it");
        StudyResult result;
        var clock = Stopwatch.StartNew();
        using var dashboard = showsDashboard ? SearchDashboard.Start(storeFile, output) : null;
        using var guard = new LongSearch(yes, stop);
        try
        {
            result = SearchDisplay.Show(output, progress => search.Run(guard.Watch(progress), guard.Token));
        }
        catch (OperationCanceledException) when (guard.IsRefused)
        {
            Console.Error.WriteLine($"spindle: the search takes longer than a day and was stopped; {Interruption.Left(search.Result(), storeName, tunedFolder)}. To continue: {resume} --yes. For less, lower 'samples-per-option', or write 'policy: joint' with a 'time'");
            return ExitCodes.BadInput;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"spindle: {(stop.IsCancellationRequested ? "interrupted" : "stopped by a dashboard")}; {Interruption.Left(search.Result(), storeName, tunedFolder)}. To resume: {resume}");
            return ExitCodes.Interrupted;
        }
        catch (SearchException error)
        {
            Console.Error.WriteLine($"spindle: {error.Message.ReplaceLineEndings(" ")}");
            return ExitCodes.Failed;
        }
        var best = Path.Combine(tunedFolder, TrialWeights.Best);
        output.Say(TextReport.Write(result));
        output.Say($"{clock.Elapsed:h\\:mm\\:ss} for this run; the winner in {best}, every other side within the budget beside it, every trial in {storeName}");
        var page = Path.ChangeExtension(beside, ".report.html");
        if (File.Exists(page) && !HtmlReport.IsOne(page))
        {
            output.Warn([$"{page}: is another file, so the report for a browser was not written; to write it elsewhere: {CommandText.Of(["spindle", "report", storeName, "--format", "html", "--output", "FILE.html"])}"]);
            page = null;
        }
        else
        {
            AtomicFile.WriteText(page, HtmlReport.Write(result, search.Trials(), search.Losses));
            output.Say($"the report for a browser is {page}");
        }

        output.SayQuietly(SearchText.Winner(result, best));
        output.Event("result", () => SearchEvents.Result(result, best, page, clock.Elapsed));
        return Incomplete.Report(result, tunedFolder);
    }

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    private static StudySearch Prepare(Study study, StudySearchOptions options)
    {
        try
        {
            return StudySearch.Prepare(study, options);
        }
        catch (InvalidDataException error) when (error.InnerException is OtherStudyException other)
        {
            throw new InvalidDataException($"{other.Message}; name another folder with 'spindle search --tuned', or replace it with 'spindle search --overwrite'", other);
        }
    }

    private static Study Limited(Study study, string file, string? time)
    {
        if (time is null) return study;
        if (study.Search.Policy != JointPolicy.PolicyName)
            throw new InvalidDataException($"--time: {file} has 'policy: {study.Search.Policy}', which trains all that it names, whatever it costs; write 'policy: {JointPolicy.PolicyName}' in it, or leave out --time");
        return study with { Search = study.Search with { Limit = study.Search.Limit with { Time = OptionValues.Time(time) } } };
    }

    private static Study Started(Study study, string file, IReadOnlyList<string> from)
    {
        if (from.Count == 0) return study;
        if (study.Search.Policy != JointPolicy.PolicyName)
            throw new InvalidDataException($"--from: {file} has 'policy: {study.Search.Policy}', which does not use earlier searches; write 'policy: {JointPolicy.PolicyName}' in it, or leave out --from");
        if (from.Any(string.IsNullOrWhiteSpace)) throw new InvalidDataException("--from: it has no value; name the store of an earlier search, a .db file");
        if (from.FirstOrDefault(earlier => !TrialStores.IsFile(earlier)) is { } database) throw new InvalidDataException($"--from {TrialStores.NameOf(database)}: is in a database; copy it to a file with 'spindle store copy', and name that");
        return study.StartingFrom(from);
    }
}
