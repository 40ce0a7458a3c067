using System.Security.Cryptography;
using System.Text;
using Spindle.Data.Tasks;
using Spindle.Data.Tasks.Builtin;
using Spindle.Tests.Baselines;

namespace Spindle.Data.Tests.Builtin;

public class BuiltinTaskTests
{
    /// <summary>The most points that words alone may give.</summary>
    private static readonly Dictionary<string, double> MostFromWords = new()
    {
        ["builtin/acceptability"] = 20,
        ["builtin/sentiment"] = 62,
        ["builtin/entailment"] = 70,
        ["builtin/similarity"] = 60,
    };

    public static TheoryData<string> Names() => [.. new BuiltinTasks().Tasks.Select(task => task.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_task_has_1500_training_and_500_validation_rows_and_none_twice(string name)
    {
        var data = Load(name);
        Assert.Equal(1500, data.Train.Examples.Count);
        Assert.Equal(500, data.Validation.Single().Examples.Count);
        var rows = data.Train.Examples.Concat(data.Validation[0].Examples).Select(row => (row.First, row.Second)).ToArray();
        Assert.Equal(rows.Length, rows.Distinct().Count());
        Assert.All(rows, row => Assert.Equal(data.Task.Pairs, row.Second is not null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Labels_are_balanced_or_spread_over_their_range(string name)
    {
        var data = Load(name);
        foreach (var rows in (IReadOnlyList<Example>[])[data.Train.Examples, data.Validation[0].Examples])
        {
            if (data.Task.Range is { } range)
            {
                Assert.All(rows, row => Assert.InRange(row.Label, range.Minimum, range.Maximum));
                Assert.True(rows.Select(row => row.Label).Distinct().Count() >= 10);
                Assert.InRange(rows.Average(row => row.Label), 1.5, 3.5);
            }
            else Assert.All(rows.CountBy(row => row.Label), label => Assert.Equal(rows.Count / data.Task.Labels.Count, label.Value));
        }
    }

    [Theory]
    [InlineData("builtin/acceptability", "155F2E1BAD852132")]
    [InlineData("builtin/sentiment", "9E1E555432ECAB7F")]
    [InlineData("builtin/entailment", "AB478A90A0C235CC")]
    [InlineData("builtin/similarity", "74053512B28C0FD1")]
    public void The_rows_are_the_same_on_every_machine(string name, string checksum)
    {
        var data = Load(name);
        var text = string.Join('\n', data.Train.Examples.Concat(data.Validation[0].Examples)
            .Select(row => FormattableString.Invariant($"{row.First}|{row.Second}|{row.Label}")));
        Assert.Equal(checksum, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]);
    }

    [Fact]
    public void Content_words_of_validation_are_not_in_training()
    {
        var (train, validation) = (Lexicon.Train, Lexicon.Validation);
        Assert.Empty(Content(train).Intersect(Content(validation)));
        Assert.True(Content(validation).Count() >= 60);

        static IEnumerable<string> Content(Lexicon lexicon) =>
        [
            .. lexicon.People.SelectMany(person => person.Words).Select(word => "person " + word),
            .. lexicon.Things.Values.SelectMany(kind => kind).SelectMany(thing => thing.Words).Select(word => "thing " + word),
            .. lexicon.Actions.SelectMany(action => (string[])[.. action.Words, action.Opposite]).Select(word => "action " + word),
            .. lexicon.Places.SelectMany(place => place.Words),
            .. lexicon.Praise, .. lexicon.Blame,
            .. lexicon.Subjects.Select(word => "subject " + word),
            .. lexicon.Nouns.Select(word => "noun " + word),
            .. lexicon.Verbs.SelectMany(verb => (string[])[verb.Base, verb.Third, verb.Past, verb.Participle, verb.Progressive]).Distinct(),
            .. lexicon.Adjectives,
        ];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Counting_words_is_not_enough(string name) =>
        Assert.InRange(WordBaseline.Score(Load(name)), double.NegativeInfinity, MostFromWords[name]);

    private static TaskData Load(string name) => new BuiltinTasks().Load(name, null);
}
