using Spindle.Tests;

namespace Spindle.Architecture.Tests.Rooms;

/// <summary>The table of rooms in <c>docs/architecture.md</c>.</summary>
public sealed class RoomTableTests
{
    private static readonly Dictionary<string, string> Rows = File.ReadLines(Path.Combine(SharedFiles.Repository, "docs", "architecture.md"))
        .SkipWhile(line => line != "| floor | rooms |").Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0] == "Spindle" ? "Spindle" : "Spindle." + cells[0], cells => cells[1], StringComparer.Ordinal);

    [Fact]
    public void EveryNamespaceBelowAProjectsIsARoomOfItsRow()
    {
        var missing = CompiledAssemblies.Projects.SelectMany(project => Rooms(project)
            .Where(room => !Rows.GetValueOrDefault(project, "").Contains($"`{room}`", StringComparison.Ordinal)).Select(room => $"{project}.{room}")).ToList();
        Assert.True(missing.Count == 0, "docs/architecture.md names no such rooms: " + string.Join(", ", missing));
    }

    [Fact]
    public void EveryRoomOfARowIsANamespace()
    {
        Assert.NotEmpty(Rows);
        var absent = Rows.SelectMany(row => Named(row.Value).Except(Rooms(row.Key)).Select(room => $"{row.Key}.{room}")).ToList();
        Assert.True(absent.Count == 0, "docs/architecture.md names rooms that do not exist: " + string.Join(", ", absent));
    }

    private static HashSet<string> Rooms(string project) => [.. CompiledAssemblies.Load(project).GetTypes()
        .Where(type => type.Namespace?.StartsWith(project + ".", StringComparison.Ordinal) == true)
        .Select(type => type.Namespace![(project.Length + 1)..].Split('.')[0])];

    // what stands in the root is not a room
    private static IEnumerable<string> Named(string cell) => cell.Split('`').Where((_, part) => part % 2 == 1);
}
