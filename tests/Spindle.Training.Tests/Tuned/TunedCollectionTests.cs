using Spindle.Data.Tasks;
using Spindle.Models.Tuning;
using Spindle.Training.Evaluation;
using Spindle.Training.Tuned;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Tuned;

public sealed class TunedCollectionTests : IDisposable
{
    private static readonly (string Strategies, string Task)[] Models =
        [("lora", "builtin/sentiment"), ("adapter+bitfit+prefix", "builtin/entailment"), ("bitfit", "builtin/sentiment"), ("full", "builtin/acceptability")];

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("spindle-served-");

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public void Rows_of_several_folders_in_one_call_are_answered_as_each_folder_alone_answers_them()
    {
        var folders = Train();
        (int Folder, Example Row)[] rows =
        [
            .. Enumerable.Range(0, 60).Select(row => (row * 7 % 4, TaskCatalogue.Default.Load(Models[row * 7 % 4].Task, null).Validation[0].Examples[row])),
        ];
        var alone = new Prediction[rows.Length];
        for (var folder = 0; folder < folders.Length; folder++)
        {
            using var predictor = TunedPredictor.Load(folders[folder], StrategyRegistry.Default);
            int[] own = [.. Enumerable.Range(0, rows.Length).Where(row => rows[row].Folder == folder)];
            foreach (var (row, prediction) in own.Zip(predictor.Predict([.. own.Select(row => rows[row].Row)], TestContext.Current.CancellationToken))) alone[row] = prediction;
        }

        using var models = TunedCollection.Load(folders, StrategyRegistry.Default);
        Assert.Equal(Models.Select(model => model.Task), models.Records.Select(record => record.Task.Name));
        for (var round = 0; round < 2; round++)
        {
            var mixed = models.Predict(rows, TestContext.Current.CancellationToken);
            Assert.Equal(alone.Select(prediction => prediction.Value), mixed.Select(prediction => prediction.Value));
            Assert.Equal(alone.SelectMany(prediction => prediction.Probabilities), mixed.SelectMany(prediction => prediction.Probabilities));
        }
        // two folders of one task differ, so that the rows went where they were meant to
        var first = rows.First(row => row.Folder == 0).Row;
        var both = models.Predict([(0, first), (2, first)], TestContext.Current.CancellationToken);
        Assert.NotEqual(both[0].Probabilities, both[1].Probabilities);
        Assert.Empty(models.Predict([], TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => models.Predict([(4, first)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_folder_over_another_backbone_is_refused_and_nothing_is_left_behind()
    {
        var folders = Train();
        TunedCollection.Load(folders, StrategyRegistry.Default).Dispose();
        var before = Tensor.TotalCount;
        var path = TunedFolder.RecordPath(folders[1]);
        var fingerprint = TunedFolder.Read(folders[0]).Fingerprint;
        File.WriteAllText(path, File.ReadAllText(path).Replace(fingerprint, new string('0', fingerprint.Length), StringComparison.Ordinal));
        var error = Assert.Throws<InvalidDataException>(() => TunedCollection.Load(folders, StrategyRegistry.Default));
        Assert.StartsWith(folders[1], error.Message);
        Assert.Contains("another backbone", error.Message);
        Assert.Throws<DirectoryNotFoundException>(() => TunedCollection.Load([folders[0], Path.Combine(root.FullName, "none")], StrategyRegistry.Default));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_second_thread_is_refused_while_a_collection_predicts()
    {
        using var models = TunedCollection.Load(Train());
        var row = TaskCatalogue.Default.Load("builtin/sentiment", null).Validation[0].Examples[0];
        Exception? inside = null;
        var rows = new ReadingRows([(0, row), (2, row)], () =>
        {
            var other = new Thread(() => inside ??= Record.Exception(() => models.Predict([(2, row)], TestContext.Current.CancellationToken)));
            other.Start();
            other.Join();
        });
        Assert.Equal(2, models.Predict(rows, TestContext.Current.CancellationToken).Count);
        Assert.Contains("already predicting in another thread", Assert.IsType<InvalidOperationException>(inside).Message, StringComparison.Ordinal);
        // a call that fails leaves it free
        Assert.ThrowsAny<OperationCanceledException>(() => models.Predict(rows, new CancellationToken(canceled: true)));
        Assert.Single(models.Predict([(2, row)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Texts_are_answered_with_the_names_of_labels_and_a_model_of_pairs_refuses_them()
    {
        var folders = Train();
        using (var model = TunedPredictor.Load(folders[0]))
        {
            var answers = model.Predict("A wonderful, moving film.", "Dull.");
            Assert.Equal(2, answers.Count);
            Assert.All(answers, answer => Assert.Equal(model.Record.Task.Labels[(int)answer.Value], answer.Label));
            var rows = model.Predict([new("A wonderful, moving film.", null, double.NaN), new("Dull.", null, double.NaN)], TestContext.Current.CancellationToken);
            Assert.Equal(rows.SelectMany(row => row.Probabilities), answers.SelectMany(answer => answer.Probabilities));
        }

        using var pairs = TunedPredictor.Load(folders[1]);
        Assert.Contains("pairs of texts", Assert.Throws<InvalidOperationException>(() => pairs.Predict("one")).Message, StringComparison.Ordinal);
    }

    private sealed class ReadingRows(IReadOnlyList<(int Folder, Example Row)> rows, Action act) : IReadOnlyList<(int Folder, Example Row)>
    {
        public int Count => rows.Count;

        public (int Folder, Example Row) this[int index]
        {
            get
            {
                act();
                return rows[index];
            }
        }

        public IEnumerator<(int Folder, Example Row)> GetEnumerator() => rows.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private string[] Train()
    {
        using var tuner = SmallTuner.Tuner(SmallTuner.Training, seed: 3);
        return [.. Models.Select((model, index) =>
        {
            var folder = Path.Combine(root.FullName, $"{index}");
            Assert.Null(tuner.Train(SmallTuner.Request(model.Strategies, model.Task, folder: folder)).Failure);
            return folder;
        })];
    }
}
