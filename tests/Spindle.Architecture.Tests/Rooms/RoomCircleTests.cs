namespace Spindle.Architecture.Tests.Rooms;

public sealed class RoomCircleTests
{
    private static readonly IReadOnlyList<RoomCircle> Examples = RoomCircle.Among(CompiledAssemblies.UsesIn(typeof(RoomCircleTests).Assembly));

    [Theory]
    [InlineData("Signature")]
    [InlineData("Field")]
    [InlineData("TypeArgument")]
    [InlineData("Attribute")]
    [InlineData("MethodBody")]
    [InlineData("TypeTest")]
    [InlineData("Lambda")]
    [InlineData("AsyncMethod")]
    [InlineData("Iterator")]
    public void ACircleIsFoundWhereverItsLastUseIs(string example)
    {
        var circle = Assert.Single(Examples, circle => circle.Parent.EndsWith(".Examples." + example, StringComparison.Ordinal));
        Assert.Equal(["First", "Second"], circle.Rooms);
        Assert.Contains("First -> Second", circle.ToString());
        Assert.Contains("End uses Beginning", circle.ToString());
    }

    [Fact]
    public void ARoomAndTheRoomsWithinItMayUseEachOther() =>
        Assert.DoesNotContain(Examples, circle => circle.Parent.Contains(".Examples.Nested", StringComparison.Ordinal));

    [Fact]
    public void RoomsThatUseEachOtherOneWayAreNoCircle() =>
        Gen.Int[2, 6].SelectMany(count => Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1]).List[0, 12]).Sample(pairs =>
        {
            var uses = pairs.Where(pair => pair.Item1 < pair.Item2).Select(pair => Use(pair.Item1, pair.Item2)).ToList();
            Assert.Empty(RoomCircle.Among(uses));
        });

    [Fact]
    public void AWayBackMakesOneCircleOfAllRoomsOnTheWay() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[2, 6]).Sample((before, length) =>
        {
            var uses = Enumerable.Range(0, before + length).Select(room => Use(room, room + 1)).Append(Use(before + length - 1, before)).ToList();
            var circle = Assert.Single(RoomCircle.Among(uses));
            Assert.Equal(Enumerable.Range(before, length).Select(room => $"Room{room}"), circle.Rooms);
            Assert.Equal(length, circle.Uses.Count);
        });

    private static TypeUse Use(int from, int to) => new(new("Example", $"Example.Room{from}", "From"), new("Example", $"Example.Room{to}.Inner", "To"));
}
