using System.Globalization;
using Spindle.Benchmarks.Recording;
using Spindle.Benchmarks.Recording.Recording;
using Spindle.Benchmarks.Recording.Replay;
using Spindle.Benchmarks.Recording.Table;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var recorded = Path.Combine("benchmarks", "recorded");
var (lines, packed) = (Path.Combine(recorded, "lines"), Path.Combine(recorded, "trials.parquet"));
try
{
    switch (args)
    {
        case ["record", .. var rest]:
            var record = new Arguments(rest, "--lines", "--table", "--data", "--part", "--candidates");
            RecordCommand.Run(
                record.Text("--lines", lines), record.Text("--table", packed), record.Text("--data", Path.Combine("..", "shared", "data", "glue_data")),
                Shard.Parse(record.Text("--part", "1/1")), record.Number("--candidates", RecordingPlan.Candidates));
            return 0;
        case ["pack", .. var rest]:
            var pack = new Arguments(rest, "--lines", "--table");
            PackCommand.Run(pack.Text("--lines", lines), pack.Text("--table", packed));
            return 0;
        case ["replay", .. var rest]:
            var replay = new Arguments(rest, "--half", "--searches", "--selection-rows", "--lines", "--table");
            var (half, searches, selecting) = (Halves.Parse(replay.Text("--half", Halves.Tuning)), replay.Number("--searches", 1000), replay.Number("--selection-rows", ReplayTable.DefaultSelectionRows));
            var table = replay.Text("--table", packed);
            ReplayCommand.Run(Recorded.Read(replay.Text("--lines", lines), table), ScoredRows.Read(ScoredRows.Beside(table)), half, searches, selecting);
            return 0;
        default:
            Console.Error.WriteLine("""
                usage: Spindle.Benchmarks.Recording record [--part K/N] [--candidates N] [--lines FOLDER] [--table FILE] [--data FOLDER]
                         trains what is not recorded yet, and appends a line to FOLDER/part-K-of-N.jsonl for each trial; it may be stopped at any moment and started again
                       Spindle.Benchmarks.Recording pack [--lines FOLDER] [--table FILE]
                         adds the lines to the table
                       Spindle.Benchmarks.Recording replay [--half tuning|reporting] [--searches N] [--selection-rows N] [--lines FOLDER] [--table FILE]
                         searches what is recorded with each policy, N times
                FOLDER is benchmarks/recorded/lines, FILE benchmarks/recorded/trials.parquet, and the folder of GLUE ../shared/data/glue_data by default.
                """);
            return 2;
    }
}
catch (Exception error) when (error is InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
