namespace Spindle.Architecture.Tests.Floors;

public sealed class SourceFloorTests
{
    private static readonly FloorTable Table = FloorTable.Read();

    [Fact]
    public void EveryProjectIsAFloorOfTheTable() =>
        Assert.Equal(CompiledAssemblies.Projects, Table.Floors.Order(StringComparer.Ordinal));

    [Fact]
    public void NoFloorOfTheTableIsBelowItself() =>
        Assert.DoesNotContain(Table.Floors, floor => Table.Below(floor).Contains(floor));

    [Fact]
    public void AProjectUsesOnlyProjectsThatTheTableGivesIt()
    {
        var undrawn = CompiledAssemblies.Uses.Where(use => use.From.Assembly != use.To.Assembly && !Table.MayUse(use.From.Assembly, use.To.Assembly))
            .Select(use => $"{use.From.Assembly} -> {use.To.Assembly}: {use.From.Name} uses {use.To.Name}").Order(StringComparer.Ordinal).ToList();
        Assert.True(undrawn.Count == 0, "docs/architecture.md does not draw these arrows:\n" + string.Join("\n", undrawn));
    }

    [Fact]
    public void AProjectUsesOnlyPackagesThatTheTableGivesIt()
    {
        var undrawn = CompiledAssemblies.Projects
            .SelectMany(project => CompiledAssemblies.PackageAssemblies(project).Where(name => !Table.MayUsePackage(project, name)), (project, name) => $"{project} uses {name}").ToList();
        Assert.True(undrawn.Count == 0, "docs/architecture.md does not name these packages:\n" + string.Join("\n", undrawn));
    }
}
