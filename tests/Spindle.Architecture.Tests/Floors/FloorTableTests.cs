namespace Spindle.Architecture.Tests.Floors;

public sealed class FloorTableTests
{
    private static readonly FloorTable Table = FloorTable.Parse(
    [
        "# A page",
        "| other | table |",
        "| --- | --- |",
        "| floor | what it knows | what it may use |",
        "| --- | --- | --- |",
        "| `Spindle.Ground` | data | nothing |",
        "| `Spindle.Middle` | more | Ground, Parquet.Net, SQLite |",
        "| `Spindle.Upper` | more still | `Middle` |",
        "| `Spindle` | the front door | all above |",
        "| `Spindle.Command` | everything | all, Spectre.Console |",
        "",
        "| `Spindle.Elsewhere` | no floor | nothing |",
    ]);

    [Fact]
    public void RowsAreFloorsUntilTheTableEnds() =>
        Assert.Equal(["Spindle.Ground", "Spindle.Middle", "Spindle.Upper", "Spindle", "Spindle.Command"], Table.Floors);

    [Theory]
    [InlineData("Spindle.Middle", "Spindle.Ground", true)]
    [InlineData("Spindle.Upper", "Spindle.Ground", true)]
    [InlineData("Spindle", "Spindle.Upper", true)]
    [InlineData("Spindle.Command", "Spindle", true)]
    [InlineData("Spindle.Ground", "Spindle.Middle", false)]
    [InlineData("Spindle.Middle", "Spindle.Upper", false)]
    [InlineData("Spindle", "Spindle.Command", false)]
    public void AFloorMayUseWhatIsBelowItAndNothingElse(string floor, string other, bool may) => Assert.Equal(may, Table.MayUse(floor, other));

    [Theory]
    [InlineData("Spindle.Middle", "Parquet", true)]
    [InlineData("Spindle.Middle", "Microsoft.Data.Sqlite", true)]
    [InlineData("Spindle.Upper", "Parquet", true)]
    [InlineData("Spindle.Command", "Spectre.Console.Ansi", true)]
    [InlineData("Spindle.Ground", "Parquet", false)]
    [InlineData("Spindle", "Spectre.Console", false)]
    [InlineData("Spindle.Command", "Dapper", false)]
    public void AFloorMayUseThePackagesOfItsRowAndOfTheRowsBelow(string floor, string assembly, bool may) => Assert.Equal(may, Table.MayUsePackage(floor, assembly));

    [Fact]
    public void APageWithoutTheTableIsAnError() => Assert.Throws<InvalidDataException>(() => FloorTable.Parse(["# A page"]));
}
