using Spindle.Search.Storage;
using Spindle.Search.Studies;
using Spindle.Search.Tests.Synthetic;

namespace Spindle.Search.Tests.Studies;

public class TaskRowsTests
{
    private static readonly Gen<ulong[]> Rows = Gen.ULong.Array[1, 2500];

    [Fact]
    public void The_same_rows_do_not_differ() => Rows.Sample(rows => Assert.Null(TaskRows.Of("training", rows).DifferenceTo(TaskRows.Of("training", [.. rows]))));

    [Fact]
    public void A_changed_row_is_located_exactly_in_up_to_1000_rows_and_in_a_range_of_more() => Gen.Select(Rows, Gen.Int[0, int.MaxValue]).Sample((rows, where) =>
    {
        var row = where % rows.Length;
        ulong[] changed = [.. rows];
        changed[row] ^= 1;
        var difference = TaskRows.Of("training", changed).DifferenceTo(TaskRows.Of("training", rows))!;
        var block = (rows.Length + 999) / 1000;
        var (first, last) = (row / block * block + 1, Math.Min(row / block * block + block, rows.Length));
        Assert.EndsWith(first == last ? FormattableString.Invariant($"in row {first:N0}") : FormattableString.Invariant($"in rows {first:N0} to {last:N0}"), difference, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(9, 10, "9 training rows here, 10 in the store, the first difference in row 10")]
    [InlineData(10, 9, "10 training rows here, 9 in the store, the first difference in row 10")]
    public void Rows_that_are_missing_or_added_are_counted(int here, int there, string expected) =>
        Assert.Equal(expected, TaskRows.Of("training", Count(here)).DifferenceTo(TaskRows.Of("training", Count(there))));

    [Theory]
    [InlineData(10, "10 training rows here and in the store, the first difference in row 3 (reviews.csv:4)")]
    [InlineData(2000, "2,000 training rows here and in the store, the first difference in rows 3 to 4 (from reviews.csv:4 on)")]
    public void The_first_difference_has_its_file_and_line_where_they_are_known(int rows, string expected)
    {
        ulong[] changed = Count(rows);
        changed[2] ^= 1;
        Assert.Equal(expected, TaskRows.Of("training", changed).DifferenceTo(TaskRows.Of("training", Count(rows)), row => FormattableString.Invariant($"reviews.csv:{row + 2}")));
        Assert.Equal("9 training rows here, 10 in the store, the first difference in row 10", TaskRows.Of("training", Count(9)).DifferenceTo(TaskRows.Of("training", Count(10)), _ => "nowhere:1"));
    }

    [Fact]
    public void Rows_in_another_order_differ() => Assert.NotNull(TaskRows.Of("training", [1, 2]).DifferenceTo(TaskRows.Of("training", [2, 1])));

    [Fact]
    public void A_store_refuses_other_rows_and_takes_those_of_an_older_version_without_digests()
    {
        using var store = new InMemoryTrialStore();
        var record = StudyRecord.Of(SyntheticStudy.Problem(SyntheticStudy.Of()), "exhaustive");
        store.Register(record);
        store.Register(With(record, Count(10)));
        store.Register(With(record, Count(10)));
        var refused = Assert.Throws<InvalidDataException>(() => store.Register(With(record, Count(9))));
        Assert.Contains($"the rows of task '{record.Tasks[0].Name}' have changed", refused.Message, StringComparison.Ordinal);
        Assert.Contains("9 training rows here, 10 in the store", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "joint", null)]
    [InlineData("joint", "joint", null)]
    [InlineData("joint", "similarity", "had the head 'joint' when the search was started, and have 'similarity' in this version")]
    // older stores name no head, and had no pair classifier
    [InlineData(null, "pair-classifier", "had the head 'sentence-encoder'")]
    public void A_store_refuses_models_with_another_head(string? there, string here, string? refused)
    {
        using var store = new InMemoryTrialStore();
        var record = StudyRecord.Of(SyntheticStudy.Problem(SyntheticStudy.Of()), "exhaustive");
        store.Register(record with { Tasks = [record.Tasks[0] with { Head = there }, .. record.Tasks.Skip(1)] });
        var again = record with { Tasks = [record.Tasks[0] with { Head = here }, .. record.Tasks.Skip(1)] };
        if (refused is null) store.Register(again);
        else Assert.Contains(refused, Assert.Throws<InvalidDataException>(() => store.Register(again)).Message, StringComparison.Ordinal);
    }

    private static StudyRecord With(StudyRecord record, ulong[] rows) =>
        record with { Tasks = [record.Tasks[0] with { Rows = [TaskRows.Of("training", rows)] }, .. record.Tasks.Skip(1)] };

    private static ulong[] Count(int rows) => [.. Enumerable.Range(1, rows).Select(row => (ulong)row)];
}
