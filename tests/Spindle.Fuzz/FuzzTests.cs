using System.Globalization;
using Spindle.Data.Tests;

namespace Spindle.Fuzz;

/// <summary>Reads changed files of every format. Whatever is in a file, a reader ends soon, takes memory in proportion to the file, and either reads it or says in one line what
/// is wrong with it. <c>SPINDLE_FUZZ_INPUTS</c> sets how many files each format sees, and <c>SPINDLE_FUZZ_SEED</c> which.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Inputs = 150, ManyInputs = 20_000;
    private const int LongestMessage = 2000;
    private const long Allowance = 64 << 20;

    // not a measure of speed: what takes this long for a file of at most 256 KiB does not end
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Formats => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Formats))]
    public void A_changed_file_is_read_or_refused_in_one_line_within_bounds(string format) => Run(format, Setting("SPINDLE_FUZZ_INPUTS", Inputs), Setting("SPINDLE_FUZZ_SEED", 1));

    [Theory(Explicit = true), MemberData(nameof(Formats))]
    public void Many_changed_files_are_read_or_refused_in_one_line_within_bounds(string format) => Run(format, Setting("SPINDLE_FUZZ_INPUTS", ManyInputs), Setting("SPINDLE_FUZZ_SEED", Environment.TickCount));

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private void Run(string format, int inputs, int seed)
    {
        var target = FuzzTargets.All.Single(target => target.Name == format);
        using var scratch = new Scratch();
        target.Prepare(scratch);
        var path = Path.Combine(scratch.Folder, target.File);
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        var refused = 0;
        // sound files first: they are read, and what the reader needs once is there afterwards
        foreach (var sound in target.Seeds)
        {
            File.WriteAllBytes(path, sound);
            Assert.Null(Read(target, scratch.Folder)?.ToString());
        }
        for (var input = 0; input < inputs; input++)
        {
            var random = new Random(unchecked(seed * 7919 + input));
            var bytes = new Mutator(new Random(unchecked(seed * 1_000_003 + input)), target.Words).Mutate(Any(random), Any(random));
            File.WriteAllBytes(path, bytes);
            if (Read(target, scratch.Folder) is not { } problem) continue;
            if (problem is InvalidDataException or IOException && problem.Message.Length < LongestMessage && !problem.Message.Any(char.IsControl)) refused++;
            else if (failures.TryAdd(Place(problem), $"seed {seed}, input {input}: {problem}"))
                File.WriteAllBytes(Path.Combine(Path.GetTempPath(), $"spindle-fuzz-{target.File}-{seed}-{input}"), bytes);
        }
        output.WriteLine($"{format}: {inputs} inputs from seed {seed}, {refused} refused, {failures.Count} kinds of failures");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Values));

        byte[] Any(Random random) => target.Seeds[random.Next(target.Seeds.Count)];
    }

    // where it was thrown, by which failures are told apart
    private static string Place(Exception problem) => $"{problem.GetType()} {problem.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Spindle.", StringComparison.Ordinal))}";

    private static Exception? Read(FuzzTarget target, string folder)
    {
        Exception? thrown = null;
        var allocated = 0L;
        var length = new FileInfo(Path.Combine(folder, target.File)).Length;
        var thread = new Thread(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Read(folder);
            }
            catch (Exception error)
            {
                thrown = error;
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(Patience)) return new TimeoutException($"{target.Name}: does not end");
        return allocated > Allowance + 4 * length ? new InsufficientMemoryException($"{target.Name}: allocates {allocated} bytes for {length}", thrown) : thrown;
    }
}
