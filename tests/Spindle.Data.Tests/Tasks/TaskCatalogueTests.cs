using Spindle.Data.Tasks;

namespace Spindle.Data.Tests.Tasks;

/// <summary>Tasks by name.</summary>
public class TaskCatalogueTests
{
    [Fact]
    public void A_task_is_loaded_by_the_family_that_has_it()
    {
        var catalogue = new TaskCatalogue(new Family("a", "b"), new Family("c"));
        Assert.Equal(["a", "b", "c"], catalogue.Tasks.Select(task => task.Name));
        Assert.Equal("c", catalogue.Load("c", null).Task.Name);
        Assert.Equal("folder", catalogue.Load("b", "folder").Train.Name);
    }

    [Fact]
    public void A_task_that_is_not_there_is_refused_with_those_that_are()
    {
        var catalogue = new TaskCatalogue(new Family("a", "b"), new Family("c"));
        Assert.Contains("a, b, c", Assert.Throws<InvalidDataException>(() => catalogue.Find("A")).Message, StringComparison.Ordinal);
        Assert.Contains("'d'", Assert.Throws<InvalidDataException>(() => catalogue.Load("d", null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_given_once_and_every_class_has_a_name()
    {
        var tasks = TaskCatalogue.Default.Tasks.ToArray();
        Assert.Equal(tasks.Length, tasks.Select(task => task.Name).Distinct().Count());
        Assert.All(tasks, task =>
        {
            Assert.NotEmpty(task.Metrics);
            Assert.Equal(task.Kind != TaskKind.Classification, task.Labels.Count == 0);
            Assert.Equal(task.Kind == TaskKind.Regression, task.Range is not null);
        });
    }

    private sealed class Family(params string[] names) : ITaskFamily
    {
        public IReadOnlyList<TaskDefinition> Tasks { get; } =
            [.. names.Select(name => new TaskDefinition(name, TaskKind.Classification, ["no", "yes"], false, ["accuracy"], null))];

        public TaskData Load(string name, string? dataFolder) =>
            new(Tasks.Single(task => task.Name == name), new(dataFolder ?? "none", [], []), []);
    }
}
